//! Bars over time: shapes in SVG, every word in HTML so that it never stretches.

use leptos::prelude::*;

/// Units of a bar and the gap after it, and of the chart's height.
const STEP: usize = 10;
const GAP: usize = 2;
const HEIGHT: i64 = 100;

/// One bar: what is good below, what is not on top of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Bar {
    pub good: i64,
    pub bad: i64,
}

/// The chart. `title` states what is to be seen in it, for who cannot see it; the same numbers
/// stand in a table beside.
#[component]
pub fn Bars(bars: Vec<Bar>, #[prop(into)] title: String) -> AnyView {
    let most = bars.iter().map(|bar| bar.good + bar.bad).max().unwrap_or(0).max(1);
    let width = (bars.len() * STEP).saturating_sub(GAP);
    let shapes = bars.into_iter().enumerate().map(|(at, bar)| shape(at, bar, most)).collect_view();
    view! {
        <svg
            class="h-40 w-full border-b border-ink"
            viewBox=format!("0 0 {width} {HEIGHT}")
            preserveAspectRatio="none"
            role="img"
        >
            <title>{title}</title>
            {shapes}
        </svg>
    }
    .into_any()
}

fn shape(at: usize, bar: Bar, most: i64) -> AnyView {
    let (good, bad) = (height(bar.good, most), height(bar.bad, most));
    let x = at * STEP;
    let rect = |y: i64, height: i64, class: &'static str| {
        (height > 0).then(|| {
            let width = STEP - GAP;
            view! { <rect class=class x=x y=y width=width height=height></rect> }
        })
    };
    view! {
        {rect(HEIGHT - good, good, "fill-graph")}
        {rect(HEIGHT - good - bad, bad, "fill-broken")}
    }
    .into_any()
}

/// What is there is seen, however little it is.
fn height(calls: i64, most: i64) -> i64 {
    let share = i128::from(calls) * i128::from(HEIGHT - 1) / i128::from(most);
    i64::try_from(share).unwrap_or(HEIGHT).max(i64::from(calls > 0))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_highest_bar_fills_the_chart_and_a_single_call_is_seen() {
        assert_eq!(height(1_000_000, 1_000_000), 99);
        assert_eq!((height(1, 1_000_000), height(0, 1_000_000)), (1, 0));
        assert_eq!(height(i64::MAX, i64::MAX), 99);
    }

    #[test]
    fn bars_stand_beside_each_other_and_what_is_bad_on_top() {
        let bars = vec![Bar { good: 0, bad: 0 }, Bar { good: 5, bad: 5 }];
        let html = Owner::new().with(|| view! { <Bars bars title="Calls"/> }.into_any().to_html());
        assert!(html.contains("viewBox=\"0 0 18 100\"") && html.contains("<title>Calls"), "{html}");
        assert_eq!(html.matches("<rect").count(), 2, "{html}");
        assert!(html.contains("x=\"10\" y=\"2\" width=\"8\" height=\"49\" class=\"fill-broken\""));
    }
}
