//! The mixing desk. Faders are set in LUFS: a part is as loud as it is to an ear, whatever its instrument puts out.

use anyhow::Result;

use crate::bus::Bus;
use crate::effect::hall::Hall;
use crate::loudness::decibels_to;
use crate::maths::decibels;

/// The mix as it grows, and what of it goes into the room.
pub struct Desk {
    mix: Bus,
    room: Bus,
}

impl Desk {
    /// A desk for a piece of so many frames.
    pub fn new(length: usize) -> Self {
        Self { mix: Bus::silence(length), room: Bus::silence(length) }
    }

    /// Adds a part at the given loudness; `send` is the share of it that the room hears.
    pub fn place(&mut self, part: &Bus, lufs: f32, send: f32) -> Result<()> {
        let gain = decibels(decibels_to(lufs, part)?);
        self.mix.add(part, gain);
        self.room.add(part, gain * send);
        Ok(())
    }

    /// The mix, with the room's answer at the given loudness.
    pub fn finish(mut self, hall: &Hall, lufs: f32) -> Result<Bus> {
        let answer = hall.of(&self.room);
        let gain = decibels(decibels_to(lufs, &answer)?);
        self.mix.add(&answer, gain);
        Ok(self.mix)
    }
}
