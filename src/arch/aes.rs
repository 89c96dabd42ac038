//! What is the same for every key of AES.

/// AES's S-box.
pub(super) const S_BOX: [u8; 256] = s_box();

/// The S-box from its definition: the inverse in GF(2^8), then an affine map.
const fn s_box() -> [u8; 256] {
    let mut s_box = [0; 256];
    // 3 generates the group, and 0xf6 is its inverse: (p, q) runs through all pairs of inverses.
    let (mut p, mut q) = (1_u8, 1_u8);
    loop {
        p ^= double(p);
        q ^= q << 1;
        q ^= q << 2;
        q ^= q << 4;
        if q & 0x80 != 0 {
            q ^= 0x09;
        }
        s_box[p as usize] = 0x63 ^ q ^ q.rotate_left(1) ^ q.rotate_left(2) ^ q.rotate_left(3) ^ q.rotate_left(4);
        if p == 1 {
            break;
        }
    }
    s_box[0] = 0x63;
    s_box
}

/// Twice a number of GF(2^8).
pub(super) const fn double(x: u8) -> u8 {
    x << 1 ^ if x & 0x80 == 0 { 0 } else { 0x1b }
}

/// What byte 12 of a block contributes to its state after the first round, for each value of that byte xor the key's:
/// `(2, 1, 1, 3) * S(x)` in the last column.
#[repr(C, align(64))]
pub(super) struct FirstRound(pub(super) [[u8; 16]; 256]);

pub(super) static FIRST_ROUND: FirstRound = FirstRound(first_round());

#[cfg(target_arch = "x86_64")]
impl FirstRound {
    /// Its rows: sixteen times sixteen neighbouring entries.
    #[inline(always)]
    pub(super) fn rows(&self) -> &[[[u8; 16]; 16]] {
        self.0.as_chunks().0
    }
}

const fn first_round() -> [[u8; 16]; 256] {
    let mut table = [[0; 16]; 256];
    let mut x = 0;
    while x < 256 {
        let s = S_BOX[x];
        table[x][12] = double(s);
        table[x][13] = s;
        table[x][14] = s;
        table[x][15] = double(s) ^ s;
        x += 1;
    }
    table
}
