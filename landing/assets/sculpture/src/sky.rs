//! The light: one Radiance picture of the whole sky per variant. Viewers ignore lamps inside a model, so all colour comes from here.
//!
//! Lamps are small and strong and the rest is nearly dark: broad light makes marble look like plastic.

use glam::Vec3;

use crate::maths::{TURN, cos, exp, sin, v};

const WIDTH: usize = 256;
const HEIGHT: usize = 128;

/// A lamp on the sky.
struct Lamp {
    /// Where it stands.
    from: Vec3,
    /// Red, green and blue, 1 being white paper in sunlight.
    colour: Vec3,
    /// How narrow it is; the larger the smaller.
    narrow: f32,
}

/// A variant's sky.
pub struct Sky {
    /// The variant.
    pub variant: &'static str,
    lamps: Vec<Lamp>,
    /// From everywhere.
    ambient: Vec3,
    /// The band along the horizon.
    horizon: Vec3,
}

const fn lamp(from: Vec3, colour: Vec3, narrow: f32) -> Lamp {
    Lamp { from, colour, narrow }
}

/// Pink dusk on Olympus: the sun has just gone down behind his right shoulder, the night comes from his left.
pub fn dusk() -> Sky {
    Sky {
        variant: "neon",
        lamps: vec![
            lamp(v(-1.0, 0.16, -0.22), v(10.5, 1.5, 5.6), 13.0),
            lamp(v(1.0, 0.12, -0.20), v(0.35, 3.0, 6.4), 15.0),
            lamp(v(-0.42, 0.78, 0.74), v(6.4, 5.2, 4.7), 24.0),
            lamp(v(0.70, 0.20, 0.70), v(0.42, 0.22, 0.72), 4.0),
            lamp(v(0.0, -1.0, 0.3), v(0.50, 0.08, 0.34), 2.5),
            lamp(v(0.15, 0.35, -1.0), v(3.6, 1.6, 1.3), 16.0),
        ],
        ambient: v(0.034, 0.020, 0.046),
        horizon: v(0.34, 0.10, 0.22),
    }
}

/// Cyan night in the agora: the moon before him, the glow of the town behind.
pub fn night() -> Sky {
    Sky {
        variant: "synthwave",
        lamps: vec![
            lamp(v(-1.0, 0.22, -0.20), v(0.25, 5.2, 7.4), 13.0),
            lamp(v(1.0, 0.10, -0.18), v(3.6, 0.7, 7.2), 15.0),
            lamp(v(-0.36, 0.82, 0.70), v(4.3, 5.5, 6.4), 24.0),
            lamp(v(0.70, 0.18, 0.70), v(0.14, 0.34, 0.62), 4.0),
            lamp(v(0.0, -1.0, 0.3), v(0.02, 0.36, 0.42), 2.5),
            lamp(v(-0.1, 0.40, -1.0), v(0.8, 2.6, 3.2), 16.0),
        ],
        ambient: v(0.016, 0.028, 0.050),
        horizon: v(0.05, 0.20, 0.26),
    }
}

impl Sky {
    /// The light from a direction.
    fn light(&self, direction: Vec3) -> Vec3 {
        let band = exp(-(direction.y * 5.0) * (direction.y * 5.0));
        let lamps = self.lamps.iter().map(|lamp| {
            let away = 1.0 - direction.dot(lamp.from.normalize());
            lamp.colour * exp(-away * lamp.narrow)
        });
        self.ambient + self.horizon * band + lamps.sum::<Vec3>()
    }

    /// The sky as a Radiance picture, run-length coded.
    pub fn picture(&self) -> Vec<u8> {
        let mut file = format!("#?RADIANCE\nFORMAT=32-bit_rle_rgbe\n\n-Y {HEIGHT} +X {WIDTH}\n").into_bytes();
        for row in 0..HEIGHT {
            let up = TURN * 0.5 * (0.5 - (row as f32 + 0.5) / HEIGHT as f32);
            let line: Vec<[u8; 4]> = (0..WIDTH)
                .map(|column| {
                    // Viewers look for x at the middle and for z a quarter turn after it.
                    let round = TURN * ((column as f32 + 0.5) / WIDTH as f32 - 0.5);
                    shared_exponent(self.light(v(cos(up) * cos(round), sin(up), cos(up) * sin(round))))
                })
                .collect();
            file.extend([2, 2, (WIDTH >> 8) as u8, (WIDTH & 255) as u8]);
            for channel in 0..4 {
                run_lengths(&line.iter().map(|pixel| pixel[channel]).collect::<Vec<u8>>(), &mut file);
            }
        }
        file
    }
}

/// Three mantissas that share an exponent. The last two bits are dropped: nobody sees them in light, and without them the
/// picture packs to half its size.
fn shared_exponent(light: Vec3) -> [u8; 4] {
    let (_, exponent) = libm::frexpf(light.max_element());
    let mantissa = |share: f32| (libm::ldexpf(share, 8 - exponent) as u32).min(255) as u8 & 0b1111_1100;
    [mantissa(light.x), mantissa(light.y), mantissa(light.z), (exponent + 128) as u8]
}

/// Runs of three and more equal bytes as a count and the byte; others as they are.
fn run_lengths(bytes: &[u8], file: &mut Vec<u8>) {
    let run_at = |start: usize| bytes[start..].iter().take(127).take_while(|byte| **byte == bytes[start]).count();
    let mut at = 0;
    while at < bytes.len() {
        let run = run_at(at);
        if run >= 3 {
            file.extend([128 + run as u8, bytes[at]]);
            at += run;
            continue;
        }
        let start = at;
        while at < bytes.len() && at - start < 128 && run_at(at) < 3 {
            at += 1;
        }
        file.push((at - start) as u8);
        file.extend(&bytes[start..at]);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn light_survives_its_exponent() {
        for light in [v(10.5, 1.5, 5.6), v(0.034, 0.020, 0.046)] {
            let [red, green, blue, exponent] = shared_exponent(light);
            let back = v(red.into(), green.into(), blue.into()) * libm::ldexpf(1.0, i32::from(exponent) - 136);
            assert!((back - light).abs().max_element() <= light.max_element() / 32.0, "{light} became {back}");
        }
    }

    #[test]
    fn runs_are_unpacked_to_what_was_packed() {
        let bytes: Vec<u8> = (0..400_u32).map(|at| if at % 50 < 30 { 7 } else { (at * at % 251) as u8 }).collect();
        let (mut packed, mut back) = (Vec::new(), Vec::new());
        run_lengths(&bytes, &mut packed);
        let mut at = 0;
        while at < packed.len() {
            let count = packed[at] as usize;
            if count > 128 {
                back.extend(std::iter::repeat_n(packed[at + 1], count - 128));
                at += 2;
            } else {
                back.extend(&packed[at + 1..at + 1 + count]);
                at += 1 + count;
            }
        }
        assert_eq!(back, bytes);
    }
}
