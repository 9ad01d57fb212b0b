"""Work out the power facts from hourly day-ahead prices.

Usage: python tools/derive_power_facts.py PRICES_DIR

Reads the hourly files named in SERIES, prints the derived figures that stand in
``facts/data/power_regions.csv``, and writes ``power_curves.csv`` and ``power_seasons.csv`` beside
the package's other tables. The hourly prices themselves are not part of the package.

Choices, and why
----------------
Level: mean of 2022-2024, one dear gas year, one scarcity year and one cheap year; 2020 was the
pandemic and 2021 holds the Texas storm.
Curve: hourly price over the mean of its own month, pooled over the same years, because a path
draws each month's mean and the curve spreads it over the hours. Pooling over whole years would
count the seasons twice.
Seasons, volatility, mean reversion: log monthly means of 2020-2024 without February 2021. Four days
of that month at the 9,000 $/MWh cap (5,000 since 2022) would double the year's mean and be the whole
of the volatility; a storm is a scenario, not a season.
"""

from __future__ import annotations

import heapq
import sys
from dataclasses import dataclass
from itertools import combinations, pairwise
from pathlib import Path

import numpy as np
import polars as pl
from numpy.typing import NDArray

N_BIN = 100
TABLES = Path(__file__).resolve().parent.parent / "src" / "wattworth" / "facts" / "data" / "tables"
STORM = (2021, 2)


@dataclass(frozen=True, slots=True)
class Series:
    """One hourly series: its file, column, clock and the years its curve pools."""

    file: str
    column: str
    clock: str
    curve_years: tuple[int, int]


SERIES = {
    "ercot_hub": Series("ercot_dam_hb_hubavg_2020_2024.csv.gz", "price_usd_per_mwh", "America/Chicago", (2022, 2024)),
    "ercot_west": Series("ercot_dam_hubs_zones_2021_2022.parquet", "HB_WEST", "America/Chicago", (2021, 2022)),
    "nyiso_capitl": Series("nyiso_dam_capitl_2020_2024.csv.gz", "price_usd_per_mwh", "America/New_York", (2022, 2024)),
    "caiso_np15": Series("caiso_dam_np15_2020_2024.csv.gz", "price_usd_per_mwh", "America/Los_Angeles", (2022, 2024)),
}


def hourly(folder: Path, series: Series) -> pl.DataFrame:
    """Columns year, month, usd_per_mwh by hour, in the market's own clock."""
    path = folder / series.file
    if path.suffix == ".parquet":
        frame = pl.read_parquet(path)
    else:
        frame = pl.read_csv(path).with_columns(
            pl.col("hour_start_utc").str.to_datetime("%Y-%m-%dT%H:%MZ", time_zone="UTC")
        )
    local = pl.col("hour_start_utc").dt.convert_time_zone(series.clock)
    return frame.select(
        local.dt.year().alias("year"), local.dt.month().alias("month"), pl.col(series.column).alias("usd_per_mwh")
    ).filter(pl.col("year") >= 2020)


def monthly(hours: pl.DataFrame) -> pl.DataFrame:
    """Mean of each whole month, the storm month left out."""
    means = hours.group_by("year", "month").agg(pl.col("usd_per_mwh").mean(), pl.len().alias("hours"))
    whole = means.filter((pl.col("hours") > 600) & ~((pl.col("year") == STORM[0]) & (pl.col("month") == STORM[1])))
    return whole.sort("year", "month")


def level_usd_per_mwh(hours: pl.DataFrame, first: int = 2022, last: int = 2024) -> float:
    """Mean of all hours of the years."""
    return float(hours.filter(pl.col("year").is_between(first, last))["usd_per_mwh"].to_numpy().mean())


def season_ratios(months: pl.DataFrame) -> NDArray[np.float64]:
    """Twelve ratios of a month to its year, geometric means over the years, mean 1."""
    log = months.with_columns(pl.col("usd_per_mwh").log().alias("log"))
    log = log.with_columns((pl.col("log") - pl.col("log").mean().over("year")).alias("deviation"))
    by_month = log.group_by("month").agg(pl.col("deviation").mean()).sort("month")["deviation"].to_numpy()
    ratio = np.exp(by_month)
    return ratio / ratio.mean()


def reversion_and_volatility(months: pl.DataFrame, season: NDArray[np.float64]) -> tuple[float, float]:
    """Speed of mean reversion [1/yr] and volatility [1/sqrt(yr)] of a log price that reverts.

    Least squares of each month's deseasonalised log on the month before, around its mean; then the
    exact discretisation of the Ornstein-Uhlenbeck process.
    """
    keep, shocks = _kept_and_shocks(months, season)
    speed = -12.0 * np.log(keep)
    spread = np.std(list(shocks.values()))
    return float(speed), float(spread * np.sqrt(2.0 * speed / (1.0 - keep**2)))


def shock_correlation(
    first: tuple[pl.DataFrame, NDArray[np.float64]], second: tuple[pl.DataFrame, NDArray[np.float64]]
) -> float:
    """Correlation of two markets' monthly shocks, each given as months and season."""
    one, other = _kept_and_shocks(*first)[1], _kept_and_shocks(*second)[1]
    both = sorted(one.keys() & other.keys())
    return float(np.corrcoef([one[i] for i in both], [other[i] for i in both])[0, 1])


def _kept_and_shocks(months: pl.DataFrame, season: NDArray[np.float64]) -> tuple[float, dict[int, float]]:
    index = (months["year"] * 12 + months["month"]).to_numpy()
    log = np.log(months["usd_per_mwh"].to_numpy() / season[months["month"].to_numpy() - 1])
    log = log - log.mean()
    follows = index[1:] - index[:-1] == 1
    before, after = log[:-1][follows], log[1:][follows]
    keep = float((before @ after) / (before @ before))
    return keep, dict(zip(index[1:][follows].tolist(), (after - keep * before).tolist(), strict=True))


def hour_ratios(hours: pl.DataFrame, years: tuple[int, int]) -> NDArray[np.float64]:
    """Each hour's price over the mean of its month, sorted; the storm month left out."""
    chosen = hours.filter(
        pl.col("year").is_between(*years) & ~((pl.col("year") == STORM[0]) & (pl.col("month") == STORM[1]))
    )
    ratio = chosen.select(pl.col("usd_per_mwh") / pl.col("usd_per_mwh").mean().over("year", "month"))
    return np.sort(ratio.to_series().to_numpy())


def binned(ratios: NDArray[np.float64], n_bin: int = N_BIN) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Bin means and shares of hours; the bin whose share times width is largest is halved next.

    Share times width bounds the error of a curtailment value inside the bin, so this spreads the
    error evenly and is fine in both tails. No bin straddles zero.
    """
    cuts = sorted({0, int(np.searchsorted(ratios, 0.0)), ratios.size})
    pieces = [_piece(ratios, start, stop) for start, stop in pairwise(cuts)]
    heapq.heapify(pieces)
    while len(pieces) < n_bin:
        _, start, stop = heapq.heappop(pieces)
        middle = int(np.searchsorted(ratios, 0.5 * (ratios[start] + ratios[stop - 1])))
        middle = min(max(middle, start + 1), stop - 1)
        heapq.heappush(pieces, _piece(ratios, start, middle))
        heapq.heappush(pieces, _piece(ratios, middle, stop))
    bounds = sorted((start, stop) for _, start, stop in pieces)
    mean = np.array([ratios[a:b].mean() for a, b in bounds])
    share = np.array([(b - a) / ratios.size for a, b in bounds])
    return mean / (mean @ share), share


def _piece(ratios: NDArray[np.float64], start: int, stop: int) -> tuple[float, int, int]:
    return (-(stop - start) * float(ratios[stop - 1] - ratios[start]), start, stop)


def main(folder: Path) -> None:
    """Print the figures and write the two tables."""
    curves, seasons = ["curve,price_ratio,hours_frac"], ["curve,month,ratio"]
    hub = hourly(folder, SERIES["ercot_hub"])
    hub_season = season_ratios(monthly(hub))
    for name, series in SERIES.items():
        hours = hourly(folder, series)
        season = hub_season if name == "ercot_west" else season_ratios(monthly(hours))
        ratio, share = binned(hour_ratios(hours, series.curve_years))
        curves += [f"{name},{r:.9g},{s:.12g}" for r, s in zip(ratio, share, strict=True)]
        seasons += [f"{name},{month},{value:.6g}" for month, value in enumerate(season, 1)]
        by_year = {year: round(level_usd_per_mwh(hours, year, year), 4) for year in sorted(hours["year"].unique())}
        line = f"{name}: mean by year {by_year}"
        if name != "ercot_west":
            speed, volatility = reversion_and_volatility(monthly(hours), season)
            line += f"; level {level_usd_per_mwh(hours):.4f}; reversion {speed:.4f}; volatility {volatility:.4f}"
        else:
            line += f"; 2022 over hub {by_year[2022] / level_usd_per_mwh(hub, 2022, 2022):.4f}"
        print(line)
    markets = {name: monthly(hourly(folder, series)) for name, series in SERIES.items() if name != "ercot_west"}
    for (one, first), (other, second) in combinations(markets.items(), 2):
        pair = shock_correlation((first, season_ratios(first)), (second, season_ratios(second)))
        print(f"{one} and {other}: shocks correlate {pair:.2f}")
    (TABLES / "power_curves.csv").write_text("\n".join(curves) + "\n", encoding="utf-8")
    (TABLES / "power_seasons.csv").write_text("\n".join(seasons) + "\n", encoding="utf-8")


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    main(Path(sys.argv[1]))
