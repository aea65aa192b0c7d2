//! The entropy-coded bytes of a JPEG into its symbols: bits are taken in many at a time, and a short code is looked
//! up together with the bits that follow it.

/// Bits that are looked up at once; longer codes are rare.
const QUICK: u32 = 12;

/// Coefficients of a block.
pub(super) const BLOCK: u32 = 64;

/// A table of Huffman codes.
pub(super) struct Codes {
    /// The code that these bits begin with.
    quick: Vec<Step>,
    /// All the codes, with their values, that begin within these bits, up to the end of a block.
    strides: Vec<Step>,
    /// For each length, the end of its codes left-aligned in 16 bits, and what to add to reach a symbol.
    ends: [u32; 17],
    offsets: [i32; 17],
    symbols: Vec<u8>,
}

/// What codes mean for one who only wants to get past coefficients.
#[derive(Clone, Copy, Default)]
struct Step {
    /// Bits of the codes and of the values behind them; 0 where a code is longer than [`QUICK`].
    bits: u8,
    /// How many coefficients they stand for.
    steps: u8,
    /// The last of them ends its block.
    ends: bool,
    symbol: u8,
}

impl Step {
    fn of(symbol: u8, code: u32) -> Self {
        let (run, size) = (symbol >> 4, symbol & 15);
        let ends = size == 0 && run < 15;
        let steps = if ends { 0 } else { run + 1 };
        Self { bits: u8::try_from(code).unwrap_or_default() + size, steps, ends, symbol }
    }

    /// Bits of the code alone.
    fn code(self) -> u32 {
        u32::from(self.bits - (self.symbol & 15))
    }
}

impl Codes {
    /// The table of a DHT segment: how many codes there are of each length, and their symbols.
    pub fn new(counts: &[u8; 16], symbols: &[u8]) -> Option<Self> {
        let mut codes = Self {
            quick: vec![Step::default(); 1 << QUICK],
            strides: Vec::new(),
            ends: [0; 17],
            offsets: [0; 17],
            symbols: symbols.to_vec(),
        };
        let (mut code, mut next) = (0_u32, 0_usize);
        for (length, &count) in (1_u32..).zip(counts) {
            codes.offsets[length as usize] = i32::try_from(next).ok()? - i32::try_from(code).ok()?;
            for _ in 0..count {
                let step = Step::of(*symbols.get(next)?, length);
                if length <= QUICK {
                    let first = (code << (QUICK - length)) as usize;
                    codes.quick.get_mut(first..first + (1 << (QUICK - length)))?.fill(step);
                }
                code += 1;
                next += 1;
            }
            if code > 1 << length {
                return None;
            }
            codes.ends[length as usize] = code << (16 - length);
            code <<= 1;
        }
        codes.strides = (0..1 << QUICK).map(|bits| codes.stride(bits)).collect();
        Some(codes)
    }

    /// Joins the codes that lie within these bits; of the last one's value more may follow.
    fn stride(&self, bits: u32) -> Step {
        let mut stride = self.quick[bits as usize];
        while stride.bits > 0 && !stride.ends && u32::from(stride.bits) < QUICK {
            let left = QUICK - u32::from(stride.bits);
            let next = self.quick[(bits << u32::from(stride.bits) & ((1 << QUICK) - 1)) as usize];
            if next.bits == 0 || next.code() > left || u32::from(stride.steps + next.steps) >= BLOCK {
                break;
            }
            let (bits, steps) = (stride.bits + next.bits, stride.steps + next.steps);
            stride = Step { bits, steps, ends: next.ends, symbol: 0 };
        }
        stride
    }

    #[cold]
    fn long(&self, peeked: u32) -> Option<Step> {
        let length = (QUICK + 1..=16).find(|length| peeked < self.ends[*length as usize])?;
        let code = i32::try_from(peeked >> (16 - length)).ok()?;
        let symbol = usize::try_from(code + self.offsets[length as usize]).ok()?;
        Some(Step::of(*self.symbols.get(symbol)?, length))
    }
}

/// The bits of a scan, up to the next marker.
pub(super) struct Bits<'s> {
    bytes: &'s [u8],
    buffer: u64,
    count: u32,
    /// Of the bits in the buffer, how many were made up behind the end.
    made_up: u32,
}

impl<'s> Bits<'s> {
    pub fn new(bytes: &'s [u8]) -> Self {
        Self { bytes, buffer: 0, count: 0, made_up: 0 }
    }

    /// Gets past the coefficients of a block that follow the average.
    #[inline]
    pub fn pass_over(&mut self, codes: &Codes) -> Option<()> {
        let mut at = 1;
        while at < BLOCK {
            self.fill();
            let bits = (self.buffer >> (64 - QUICK)) as usize;
            let mut step = codes.strides[bits];
            // The block may end by its last coefficient, and what follows is then another's.
            let passes = at + u32::from(step.steps) + u32::from(step.ends) > BLOCK;
            if step.bits == 0 || passes {
                step = codes.quick[bits];
                if step.bits == 0 {
                    step = codes.long((self.buffer >> 48) as u32)?;
                }
            }
            self.skip(u32::from(step.bits));
            at = if step.ends { BLOCK } else { at + u32::from(step.steps) };
        }
        Some(())
    }

    /// The symbol of a code that is followed by as many bits of value.
    #[inline]
    pub fn symbol(&mut self, codes: &Codes) -> Option<u8> {
        self.fill();
        let mut step = codes.quick[(self.buffer >> (64 - QUICK)) as usize];
        if step.bits == 0 {
            step = codes.long((self.buffer >> 48) as u32)?;
        }
        self.skip(step.code());
        Some(step.symbol)
    }

    /// A value of `size` bits, at most 15: its upper half is positive.
    pub fn value(&mut self, size: u8) -> i32 {
        if size == 0 {
            return 0;
        }
        self.fill();
        let bits = i32::try_from(self.buffer >> (64 - u32::from(size))).unwrap_or_default();
        self.skip(u32::from(size));
        if bits < 1 << (size - 1) { bits - (1 << size) + 1 } else { bits }
    }

    /// Whether more was read than there is.
    pub fn is_overrun(&self) -> bool {
        self.count < self.made_up
    }

    /// Goes on behind the restart marker of this number, which has to be next.
    pub fn restart(&mut self, number: u8) -> Option<()> {
        // A few bits may be left that fill up a byte, and no whole one.
        if self.is_overrun() || self.count - self.made_up >= 8 {
            return None;
        }
        let rest = self.bytes.strip_prefix(&[0xFF, 0xD0 + number])?;
        *self = Self::new(rest);
        Some(())
    }

    /// What lies behind the bits that were read.
    pub fn rest(&self) -> &'s [u8] {
        self.bytes
    }

    #[inline]
    fn skip(&mut self, bits: u32) {
        self.buffer <<= bits;
        self.count -= bits;
    }

    /// At least 32 bits, which are more than any code and its value.
    #[inline]
    fn fill(&mut self) {
        if self.count >= 32 {
            return;
        }
        match self.bytes.first_chunk::<4>() {
            Some(four) if !four.contains(&0xFF) => {
                self.buffer |= u64::from(u32::from_be_bytes(*four)) << (32 - self.count);
                self.count += 32;
                self.bytes = &self.bytes[4..];
            }
            _ => self.fill_slowly(),
        }
    }

    #[cold]
    #[inline(never)]
    fn fill_slowly(&mut self) {
        while self.count <= 56 {
            let byte = match *self.bytes {
                [0xFF, 0, ref rest @ ..] => {
                    self.bytes = rest;
                    0xFF
                }
                // A marker, or the end: whatever is read from here on is not there.
                [0xFF, ..] | [] => {
                    self.made_up += 8;
                    0
                }
                [byte, ref rest @ ..] => {
                    self.bytes = rest;
                    byte
                }
            };
            self.buffer |= u64::from(byte) << (56 - self.count);
            self.count += 8;
        }
    }
}
