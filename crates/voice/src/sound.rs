//! Recorded or synthesized speech: samples in memory.

use std::time::Duration;

/// 16-bit samples, those of one moment beside each other.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sound {
    rate: u32,
    channels: u16,
    samples: Vec<i16>,
}

/// Why a file is no sound that can be played here.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum SoundError {
    /// The file does not begin as a WAV file does.
    #[error("this is no WAV file")]
    NoWav,
    /// The file has no `fmt ` chunk before its samples, or no samples.
    #[error("the WAV file ends before its samples")]
    Short,
    /// The samples are no 16-bit PCM in one or two channels.
    #[error("the samples are not 16-bit PCM in one or two channels at 8 to 48 kHz")]
    Format,
}

const PCM: u16 = 1;

impl Sound {
    /// Reads a WAV file. One whose length nobody knew when its header was written, because it came out of a pipe, ends where the
    /// bytes end.
    ///
    /// # Errors
    /// [`SoundError`]
    pub fn from_wav(file: &[u8]) -> Result<Self, SoundError> {
        let (Some(b"RIFF"), Some(b"WAVE")) = (file.get(..4), file.get(8..12)) else { return Err(SoundError::NoWav) };
        let mut chunks = file.get(12..).unwrap_or_default();
        let mut format = None;
        while let (Some(name), Some(length)) = (chunks.get(..4), u32_at(chunks, 4)) {
            let body = &chunks[8..];
            let length = usize::try_from(length).unwrap_or(usize::MAX);
            let content = &body[..length.min(body.len())];
            match name {
                b"fmt " => format = Some(format_of(content)?),
                b"data" => {
                    let (rate, channels) = format.ok_or(SoundError::Short)?;
                    let samples = content.chunks_exact(2).map(|pair| i16::from_le_bytes([pair[0], pair[1]])).collect();
                    return Ok(Self { rate, channels, samples });
                }
                _ => {}
            }
            // Chunks begin at even places.
            chunks = body.get(length.saturating_add(length % 2)..).unwrap_or_default();
        }
        Err(SoundError::Short)
    }

    /// How long it lasts.
    #[must_use]
    pub fn length(&self) -> Duration {
        let moments = self.samples.len() as u64 / u64::from(self.channels.max(1));
        Duration::from_millis(moments * 1000 / u64::from(self.rate.max(1)))
    }

    /// Moments in a second.
    #[must_use]
    pub fn rate(&self) -> u32 {
        self.rate
    }

    /// 1 or 2.
    #[must_use]
    pub fn channels(&self) -> u16 {
        self.channels
    }

    /// The samples as bytes, low byte first, at a volume from 0 to 100. Steps of the volume are heard as equal steps.
    #[must_use]
    pub fn bytes(&self, volume: u8) -> Vec<u8> {
        let volume = i32::from(volume.min(100));
        let quieter = |sample: i16| i32::from(sample) * volume * volume / 10_000;
        self.samples.iter().flat_map(|&sample| i16::try_from(quieter(sample)).unwrap_or(sample).to_le_bytes()).collect()
    }
}

fn format_of(content: &[u8]) -> Result<(u32, u16), SoundError> {
    let (Some(kind), Some(channels), Some(rate), Some(bits)) =
        (u16_at(content, 0), u16_at(content, 2), u32_at(content, 4), u16_at(content, 14))
    else {
        return Err(SoundError::Short);
    };
    let playable = kind == PCM && bits == 16 && (1..=2).contains(&channels) && (8_000..=48_000).contains(&rate);
    if playable { Ok((rate, channels)) } else { Err(SoundError::Format) }
}

fn u16_at(bytes: &[u8], at: usize) -> Option<u16> {
    Some(u16::from_le_bytes(bytes.get(at..at + 2)?.try_into().ok()?))
}

fn u32_at(bytes: &[u8], at: usize) -> Option<u32> {
    Some(u32::from_le_bytes(bytes.get(at..at + 4)?.try_into().ok()?))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn wav(kind: u16, channels: u16, rate: u32, length: u32, samples: &[i16]) -> Vec<u8> {
        let mut file = b"RIFF\x24\xf0\xff\x7fWAVEfmt \x10\0\0\0".to_vec();
        file.extend(kind.to_le_bytes());
        file.extend(channels.to_le_bytes());
        file.extend(rate.to_le_bytes());
        file.extend((rate * 2 * u32::from(channels)).to_le_bytes());
        file.extend((2 * channels).to_le_bytes());
        file.extend(16_u16.to_le_bytes());
        file.extend(b"LIST\x03\0\0\0abc\0data");
        file.extend(length.to_le_bytes());
        file.extend(samples.iter().flat_map(|sample| sample.to_le_bytes()));
        file
    }

    #[test]
    fn a_wav_file_lasts_as_long_as_its_samples() {
        let sound = Sound::from_wav(&wav(1, 1, 22_050, 2 * 22_050, &[0; 22_050])).unwrap();
        assert_eq!((sound.length(), sound.rate(), sound.channels()), (Duration::from_secs(1), 22_050, 1));
        let sound = Sound::from_wav(&wav(1, 2, 8_000, 2 * 8_000, &[0; 8_000])).unwrap();
        assert_eq!(sound.length(), Duration::from_millis(500));
    }

    /// What espeak-ng writes into a pipe: a length of almost two gigabytes.
    #[test]
    fn a_wav_file_from_a_pipe_ends_where_the_bytes_end() {
        let sound = Sound::from_wav(&wav(1, 1, 22_050, 0x7fff_f000, &[1, 2, 3])).unwrap();
        assert_eq!(sound.bytes(100), [1, 0, 2, 0, 3, 0]);
    }

    #[test]
    fn the_volume_is_heard_in_equal_steps() {
        let sound = Sound::from_wav(&wav(1, 1, 22_050, 4, &[i16::MAX, i16::MIN])).unwrap();
        let at = |volume| sound.bytes(volume).chunks(2).map(|b| i16::from_le_bytes([b[0], b[1]])).collect::<Vec<_>>();
        assert_eq!(at(100), [i16::MAX, i16::MIN]);
        assert_eq!(at(255), [i16::MAX, i16::MIN]);
        assert_eq!(at(50), [8191, -8192]);
        assert_eq!(at(0), [0, 0]);
    }

    #[test]
    fn what_is_no_speech_is_refused() {
        assert_eq!(Sound::from_wav(b"OggS"), Err(SoundError::NoWav));
        assert_eq!(Sound::from_wav(b"RIFF\0\0\0\0WAVE"), Err(SoundError::Short));
        assert_eq!(Sound::from_wav(&wav(3, 1, 22_050, 0, &[])), Err(SoundError::Format));
        assert_eq!(Sound::from_wav(&wav(1, 6, 22_050, 0, &[])), Err(SoundError::Format));
        let whole = wav(1, 1, 22_050, 4, &[1, 2]);
        for end in 0..whole.len() {
            // No end of a file is a surprise.
            let _ = Sound::from_wav(&whole[..end]);
        }
    }
}
