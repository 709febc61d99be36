//! What the tool prints: one plain line for each thing that begins or ends, on stdout.
//! It knows no colours, no cursor movements and no terminal: the lines read the same in a log.

use std::time::{Duration, Instant};

/// One line about something that happened.
pub fn line(text: impl AsRef<str>) {
    println!("{}", text.as_ref());
}

/// A piece of work with a name, whose length is told when it ends.
pub struct Step {
    name: String,
    began: Instant,
}

impl Step {
    /// Says that the work begins.
    pub fn begin(name: impl Into<String>) -> Self {
        let name = name.into();
        println!("  … {name}");
        Self { name, began: Instant::now() }
    }

    /// Says that it ended well, how long it took, and what came of it.
    pub fn done(self, what: impl AsRef<str>) {
        let what = what.as_ref();
        let gap = if what.is_empty() { "" } else { ": " };
        println!("  ✓ {}{gap}{what} ({})", self.name, length(self.began.elapsed()));
    }
}

/// A length of time as people read it: `0.4 s`, `2 min 05 s`.
pub fn length(time: Duration) -> String {
    let seconds = time.as_secs();
    if seconds < 60 {
        format!("{:.1} s", time.as_secs_f64())
    } else {
        format!("{} min {:02} s", seconds / 60, seconds % 60)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lengths_read_as_people_say_them() {
        assert_eq!(length(Duration::from_millis(420)), "0.4 s");
        assert_eq!(length(Duration::from_secs(125)), "2 min 05 s");
    }
}
