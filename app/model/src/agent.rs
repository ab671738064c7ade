//! Stub until the real one arrives.
pub struct Agent(String);
impl Agent {
    pub fn read(text: &str) -> Self { Self(text.chars().take(20).collect()) }
    pub fn words(&self) -> String { self.0.clone() }
}
