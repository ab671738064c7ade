//! The engraving beside sign-in: a rosette over waves, as on a share certificate.
//!
//! Drawn once from formulas and kept. A rosette is one lobe of r(t) = R + A cos kt + 0.28 A cos
//! 2kt, turned k times, the whole turned n times by 360/(k n); a wave is one period, laid side by
//! side.
//! Only lobe and period are written out, so the page stays small.

use leptos::prelude::*;
use std::{f64::consts::TAU, fmt::Write, sync::LazyLock};

/// One ring of the rosette: radius, amplitude, lobes, copies.
struct Ring {
    id: &'static str,
    radius: f64,
    swing: f64,
    lobes: u32,
    copies: u32,
}

const RINGS: [Ring; 3] = [
    Ring { id: "ga", radius: 168.0, swing: 20.0, lobes: 30, copies: 7 },
    Ring { id: "gb", radius: 112.0, swing: 28.0, lobes: 20, copies: 9 },
    Ring { id: "gc", radius: 52.0, swing: 22.0, lobes: 12, copies: 9 },
];

/// Width of one period of the waves.
const PERIOD: u32 = 240;

static DRAWING: LazyLock<String> = LazyLock::new(|| {
    let mut svg = String::from(r#"<defs><g id="gw">"#);
    for line in 0..6 {
        wave(&mut svg, f64::from(line));
    }
    svg.push_str("</g>");
    for ring in &RINGS {
        lobe(&mut svg, ring);
    }
    svg.push_str(r#"</defs><g fill="none" stroke="currentColor" stroke-width=".6" opacity=".5">"#);
    for band in 0..12_u32 {
        let (x, y) = (-(f64::from(band * 97 % PERIOD)), f64::from(band) * 49.0);
        let flip = if band % 2 == 0 { 1 } else { -1 };
        let _ = write!(svg, r#"<g transform="translate({x} {y}) scale(1 {flip})">"#);
        for tile in 0..4 {
            let _ = write!(svg, r##"<use href="#gw" x="{}"/>"##, tile * PERIOD);
        }
        svg.push_str("</g>");
    }
    svg.push_str(r#"</g><circle cx="360" cy="275" r="236" class="fill-signal dark:fill-well"/>"#);
    svg.push_str(r#"<g transform="translate(360 275) scale(1.21)" fill="none" "#);
    svg.push_str(r#"stroke="currentColor" stroke-width=".48" opacity=".75">"#);
    for ring in &RINGS {
        turned(&mut svg, ring);
    }
    svg.push_str("</g>");
    svg
});

/// One line of one period. Whole numbers of swings fit the period, so that tiles join.
fn wave(svg: &mut String, line: f64) {
    svg.push_str(r#"<path d="M"#);
    for step in 0..=30 {
        let turn = TAU * f64::from(step) / 30.0;
        let long = 17.0 * (turn + line * 0.5).sin();
        let short = 7.0 * (2.0 * turn + line * 0.9).sin();
        let _ = write!(svg, "{} {:.1} ", step * 8, long + short + line * 3.0);
    }
    svg.push_str(r#""/>"#);
}

/// The defining lobe, drawn from notch to notch.
fn lobe(svg: &mut String, ring: &Ring) {
    let _ = write!(svg, r#"<path id="{}" d="M"#, ring.id);
    for step in -13..=13 {
        let phase = TAU / 2.0 * f64::from(step) / 13.0;
        let radius = ring.radius + ring.swing * (phase.cos() + 0.28 * (2.0 * phase).cos());
        let angle = phase / f64::from(ring.lobes);
        let _ = write!(svg, "{:.1} {:.1} ", radius * angle.cos(), radius * angle.sin());
    }
    svg.push_str(r#""/>"#);
}

/// All lobes of a ring, then all copies of it.
fn turned(svg: &mut String, ring: &Ring) {
    let all = ring.lobes * ring.copies;
    for turn in 0..all {
        let angle = 360.0 * f64::from(turn) / f64::from(all);
        let _ = write!(svg, r##"<use href="#{}" transform="rotate({angle:.1})"/>"##, ring.id);
    }
}

/// The engraving, filling its frame.
#[component]
pub fn Guilloche() -> impl IntoView {
    view! {
        <svg
            class="absolute inset-0 size-full"
            viewBox="0 0 720 550"
            preserveAspectRatio="xMidYMid slice"
            aria-hidden="true"
            inner_html=DRAWING.as_str()
        ></svg>
    }
    .into_any()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_engraving_is_small_enough_for_a_sign_in_page() {
        assert!(DRAWING.len() < 40_000, "{} bytes", DRAWING.len());
        assert!(!DRAWING.contains("style"));
        assert!(!DRAWING.contains("NaN"));
    }
}
