//! What a hall of each level has to offer. Source: the hall grading and layout norm (营业厅分级), table of areas by level.

use hall::rules::Names;

/// The level of a hall.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Level {
    /// 一级
    #[default]
    One,
    /// 二级
    Two,
    /// 县中心
    County,
    /// 三级
    Three,
    /// 四级
    Four,
    /// 合作厅
    Partner,
}

/// An area of a hall.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Area {
    /// 客户代表, who greets and guides.
    Guide,
    /// 终端销售
    Sales,
    /// 演示体验
    Demonstration,
    /// 业务受理
    Counters,
    /// 自助服务
    SelfService,
    /// 客户接待室(柜)
    Reception,
    /// 客户专区(柜)
    Vip,
    /// 商务领航专区(柜)
    Group,
}

/// Whether a hall has an area its level asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standing {
    /// Required and there.
    Met,
    /// Required and not there.
    Missing,
    /// Not required, and there.
    Extra,
    /// Not required and not there.
    NotOffered,
}

impl Level {
    /// As written in a hall file.
    pub const WORDS: [(&'static str, Self); 6] = [
        ("1", Self::One),
        ("2", Self::Two),
        ("county", Self::County),
        ("3", Self::Three),
        ("4", Self::Four),
        ("partner", Self::Partner),
    ];

    /// Its name.
    pub fn names(self) -> Names {
        let (zh, en) = match self {
            Self::One => ("一级厅", "level-1 hall"),
            Self::Two => ("二级厅", "level-2 hall"),
            Self::County => ("县中心厅", "county hall"),
            Self::Three => ("三级厅", "level-3 hall"),
            Self::Four => ("四级厅", "level-4 hall"),
            Self::Partner => ("合作厅", "partner hall"),
        };
        Names { zh: zh.to_owned(), en: en.to_owned() }
    }

    /// Whether the norm's table has a √ (true) or a `*` (false) for this area.
    pub fn requires(self, area: Area) -> bool {
        match area {
            Area::Sales | Area::Counters => true,
            Area::Reception => match self {
                Self::One | Self::Two | Self::County | Self::Three | Self::Four => true,
                Self::Partner => false,
            },
            Area::Guide | Area::Demonstration | Area::SelfService | Area::Vip => match self {
                Self::One | Self::Two | Self::County | Self::Three => true,
                Self::Four | Self::Partner => false,
            },
            Area::Group => false,
        }
    }

    /// How a hall of this level with these areas stands, one row an area in the norm's order.
    pub fn standing(self, areas: &[Area]) -> [(Area, Standing); 8] {
        Area::WORDS.map(|(_, area)| {
            let standing = match (self.requires(area), areas.contains(&area)) {
                (true, true) => Standing::Met,
                (true, false) => Standing::Missing,
                (false, true) => Standing::Extra,
                (false, false) => Standing::NotOffered,
            };
            (area, standing)
        })
    }
}

impl Area {
    /// As written in a hall file, in the norm's order.
    pub const WORDS: [(&'static str, Self); 8] = [
        ("guide", Self::Guide),
        ("sales", Self::Sales),
        ("demonstration", Self::Demonstration),
        ("counters", Self::Counters),
        ("self_service", Self::SelfService),
        ("reception", Self::Reception),
        ("vip", Self::Vip),
        ("group", Self::Group),
    ];

    /// As written in a hall file.
    pub fn word(self) -> &'static str {
        match self {
            Self::Guide => "guide",
            Self::Sales => "sales",
            Self::Demonstration => "demonstration",
            Self::Counters => "counters",
            Self::SelfService => "self_service",
            Self::Reception => "reception",
            Self::Vip => "vip",
            Self::Group => "group",
        }
    }

    /// Its name.
    pub fn names(self) -> Names {
        let (zh, en) = match self {
            Self::Guide => ("客户代表", "customer representative"),
            Self::Sales => ("终端销售", "terminal sales"),
            Self::Demonstration => ("演示体验", "demonstration"),
            Self::Counters => ("业务受理", "business counters"),
            Self::SelfService => ("自助服务", "self-service"),
            Self::Reception => ("客户接待室(柜)", "reception room or desk"),
            Self::Vip => ("客户专区(柜)", "VIP area"),
            Self::Group => ("商务领航专区(柜)", "business customers"),
        };
        Names { zh: zh.to_owned(), en: en.to_owned() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_is_the_norms() {
        // One row an area, one column a level, as printed in the norm.
        let printed = "√√√√**\n√√√√√√\n√√√√**\n√√√√√√\n√√√√**\n√√√√√*\n√√√√**\n******";
        let ours: Vec<String> = Area::WORDS
            .iter()
            .map(|(_, area)| {
                Level::WORDS.iter().map(|(_, level)| if level.requires(*area) { '√' } else { '*' }).collect()
            })
            .collect();
        assert_eq!(ours.join("\n"), printed);
    }

    #[test]
    fn an_areas_word_is_the_one_it_is_read_by() {
        for (word, area) in Area::WORDS {
            assert_eq!(area.word(), word);
        }
    }
}
