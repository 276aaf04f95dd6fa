//! Noise from a seed: the same in every run.

/// SplitMix64: enough to make noise of.
pub struct Dice(u64);

impl Dice {
    pub fn new(seed: u64) -> Self {
        Self(seed)
    }

    pub fn roll(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    }

    /// From 0 to `below`, which is not reached.
    pub fn below(&mut self, below: usize) -> usize {
        (self.roll() % below as u64) as usize
    }

    pub fn byte(&mut self) -> u8 {
        self.roll() as u8
    }

    pub fn bytes(&mut self, below: usize) -> Vec<u8> {
        (0..self.below(below)).map(|_| self.byte()).collect()
    }
}

/// A night on a bad line: bytes of every kind, bytes of which `good` is made, pieces of it, and it with a bit wrong.
pub fn noise(dice: &mut Dice, good: &[u8]) -> Vec<u8> {
    // Now and then more than a decoder may keep.
    let most = if dice.below(100) == 0 { 6000 } else { 120 };
    let length = dice.below(most);
    let mut noise = Vec::new();
    while noise.len() < length {
        match dice.below(8) {
            0..=2 => noise.push(dice.byte()),
            3..=5 => noise.push(good[dice.below(good.len())]),
            6 => {
                let from = dice.below(good.len());
                noise.extend(&good[from..][..dice.below(good.len() - from + 1)]);
            }
            _ => {
                let at = noise.len() + dice.below(good.len());
                noise.extend(good);
                noise[at] ^= 1 << dice.below(8);
            }
        }
    }
    noise.truncate(length);
    noise
}

/// `bytes` as a port delivers them: mostly a few at a time, sometimes all at once.
pub fn pieces<'a>(dice: &mut Dice, bytes: &'a [u8]) -> Vec<&'a [u8]> {
    let most = [1, 3, 40, 700, 6000][dice.below(5)];
    let mut rest = bytes;
    let mut pieces = Vec::new();
    while !rest.is_empty() {
        let (piece, left) = rest.split_at((1 + dice.below(most)).min(rest.len()));
        pieces.push(piece);
        rest = left;
    }
    pieces
}
