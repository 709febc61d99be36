//! What a process of the product costs, as the kernel tells it: time on the cores, and resident memory.

use anyhow::{Context, Result};

/// In how many pieces the kernel counts a second for programs; on Linux the same on every machine.
const TICKS: f64 = 100.0;

/// A process that is measured.
#[derive(Debug, Clone, Copy)]
pub struct Process(pub u32);

impl Process {
    /// Seconds that it has spent on the cores so far, in its own code and in the kernel's.
    pub fn cpu_seconds(self) -> Result<f64> {
        let file = format!("/proc/{}/stat", self.0);
        let text = std::fs::read_to_string(&file).with_context(|| format!("{file}: the process has ended"))?;
        cpu_of(&text).with_context(|| format!("{file} reads otherwise"))
    }

    /// Resident memory in MiB.
    pub fn resident(self) -> Result<f64> {
        let file = format!("/proc/{}/status", self.0);
        let text = std::fs::read_to_string(&file).with_context(|| format!("{file}: the process has ended"))?;
        resident_of(&text).with_context(|| format!("{file} reads otherwise"))
    }
}

/// Seconds that all cores of the machine were busy so far, whoever kept them busy: what a piece of work costs
/// in all its processes, at most, when nothing else runs.
pub fn machine_seconds() -> Result<f64> {
    let text = std::fs::read_to_string("/proc/stat").context("/proc/stat")?;
    busy_of(&text).context("/proc/stat reads otherwise")
}

fn busy_of(stat: &str) -> Option<f64> {
    // user, nice, system, idle, iowait, irq, softirq, steal; what a guest costs is in the first two already.
    let line = stat.lines().find_map(|line| line.strip_prefix("cpu "))?;
    let times: Option<Vec<f64>> = line.split_whitespace().take(8).map(|word| word.parse().ok()).collect();
    let times = times.filter(|times| times.len() == 8)?;
    let idle: f64 = times.iter().skip(3).take(2).sum();
    Some((times.iter().sum::<f64>() - idle) / TICKS)
}

fn cpu_of(stat: &str) -> Option<f64> {
    // The name in brackets may hold spaces; after it the 12th and 13th are user and system time.
    let (_, rest) = stat.rsplit_once(')')?;
    let mut times = rest.split_whitespace().skip(11).map(|word| word.parse::<f64>().ok());
    Some((times.next()?? + times.next()??) / TICKS)
}

fn resident_of(status: &str) -> Option<f64> {
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"))?;
    let kib: f64 = line.trim().strip_suffix("kB")?.trim().parse().ok()?;
    Some(kib / 1_024.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_kernels_words_are_read() {
        let stat = "812 (kundelik) x) S 1 812 812 0 -1 4194560 9 0 0 0 250 50 7 7 20 0 9 0 12345 1 2";
        assert_eq!(cpu_of(stat), Some(3.0));
        assert_eq!(cpu_of("812"), None);
        assert_eq!(resident_of("Name:\tx\nVmRSS:\t    2048 kB\nThreads:\t3\n"), Some(2.0));
        assert_eq!(resident_of("Name:\tx\n"), None);
        assert_eq!(busy_of("cpu  100 20 30 4000 50 1 2 7 9 9\ncpu0 1 2\n"), Some(1.6));
        assert_eq!(busy_of("cpu0 1 2\n"), None);
    }

    #[test]
    fn a_process_that_is_gone_is_an_error() {
        // Above the highest process id that Linux gives.
        assert!(Process(4_999_999).cpu_seconds().is_err());
        assert!(Process(std::process::id()).resident().unwrap() > 0.1);
    }
}
