//! The rows of a list on a page.

use slint::{Model, ModelRc, VecModel};

/// Makes a list show these lines: changes the rows that differ and keeps the others, so that nothing else is laid out and
/// drawn again. `shown` is what the page's property holds; `replace` sets the property, and is called once, the first
/// time, when it does not hold a list of ours yet.
pub fn fill<T: Clone + PartialEq + 'static>(
    shown: &ModelRc<T>,
    lines: impl Iterator<Item = T>,
    replace: impl FnOnce(ModelRc<T>),
) {
    let lines: Vec<T> = lines.collect();
    let Some(rows) = shown.as_any().downcast_ref::<VecModel<T>>() else {
        return replace(ModelRc::new(VecModel::from(lines)));
    };
    while rows.row_count() > lines.len() {
        rows.remove(rows.row_count() - 1);
    }
    for (row, line) in lines.into_iter().enumerate() {
        match rows.row_data(row) {
            Some(shown) if shown == line => {}
            Some(_) => rows.set_row_data(row, line),
            None => rows.push(line),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::cell::Cell;
    use std::rc::Rc;

    fn rows(model: &ModelRc<i32>) -> Vec<i32> {
        model.iter().collect()
    }

    #[test]
    fn a_list_grows_shrinks_and_changes_in_place() {
        let mut list = ModelRc::default();
        fill(&list.clone(), [1, 2, 3].into_iter(), |rows| list = rows);
        assert_eq!(rows(&list), [1, 2, 3]);
        for wanted in [&[1, 9][..], &[1, 9, 4, 5], &[]] {
            fill(&list, wanted.iter().copied(), |_| panic!("the list was replaced"));
            assert_eq!(rows(&list), wanted);
        }
    }

    #[test]
    fn a_row_that_is_the_same_is_not_set_again() {
        #[derive(Clone)]
        struct Line(i32, Rc<Cell<u32>>);
        impl PartialEq for Line {
            fn eq(&self, other: &Self) -> bool {
                self.0 == other.0
            }
        }
        let (first, second) = (Rc::default(), Rc::default());
        let mut list = ModelRc::default();
        fill(&list.clone(), [Line(1, Rc::clone(&first))].into_iter(), |rows| list = rows);
        fill(&list, [Line(1, Rc::clone(&second))].into_iter(), |_| panic!("the list was replaced"));
        let kept = list.row_data(0).expect("a row");
        assert!(Rc::ptr_eq(&kept.1, &first));
    }
}
