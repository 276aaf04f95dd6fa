//! Journeys over the real parts: one file per misfortune under `journeys/`.
