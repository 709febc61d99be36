//! Tests of the room through its own HTTP door.
