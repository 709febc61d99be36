//! The room through its own HTTP door.
