//! What the machine says of its CPU.

use std::fs;

/// The instructions that a tier may use, as Linux names them.
const FLAGS: [&str; 18] = [
    "ssse3",
    "sse4_1",
    "aes",
    "vaes",
    "sha_ni",
    "avx",
    "avx2",
    "gfni",
    "bmi2",
    "avx512f",
    "avx512bw",
    "avx512dq",
    "avx512vl",
    "avx512_vbmi",
    "asimd",
    "sha2",
    "sve",
    "sve2",
];

/// Name and instructions.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cpu {
    /// Its name; `unknown` where the system does not tell.
    pub name: String,
    /// Those of its flags that matter to matching.
    pub flags: Vec<&'static str>,
}

impl Cpu {
    /// What `/proc/cpuinfo` says of the first CPU.
    #[must_use]
    pub fn detect() -> Self {
        Self::parse(&fs::read_to_string("/proc/cpuinfo").unwrap_or_default())
    }

    fn parse(cpuinfo: &str) -> Self {
        let value = |names: &[&str]| {
            let fields = cpuinfo.lines().filter_map(|line| line.split_once(':'));
            fields.map(|(name, value)| (name.trim(), value.trim())).find(|(name, _)| names.contains(name))
        };
        // Arm's kernels print numbers instead of a name.
        let number = |name: &str| value(&[name]).map(|(_, value)| format!("{name} {value}"));
        let name = value(&["model name", "Model"])
            .map(|(_, name)| name.to_owned())
            .or_else(|| Some([number("CPU implementer")?, number("CPU part")?].join(", ")));
        let present: Vec<_> = value(&["flags", "Features"]).map_or("", |(_, flags)| flags).split(' ').collect();
        let flags = FLAGS.into_iter().filter(|flag| present.contains(flag)).collect();
        Self { name: name.unwrap_or_else(|| "unknown".to_owned()), flags }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_and_flags_are_read() {
        let intel =
            Cpu::parse("processor\t: 0\nmodel name\t: A CPU: fast\nflags\t\t: fpu aes avx2\n\nflags\t: sha_ni\n");
        assert_eq!(intel, Cpu { name: "A CPU: fast".to_owned(), flags: vec!["aes", "avx2"] });
        let arm = Cpu::parse("Features\t: fp asimd aes sha2\nCPU implementer\t: 0x41\nCPU part\t: 0xd0c\n");
        let name = "CPU implementer 0x41, CPU part 0xd0c".to_owned();
        assert_eq!(arm, Cpu { name, flags: vec!["aes", "asimd", "sha2"] });
        assert_eq!(Cpu::parse("").name, "unknown");
    }
}
