"""Units of measure and money: name to dimension, and the factor to the dimension's first unit.

A plain table: pint converts units and does not find them in a text; docs/adr/0007-quantities.md.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

__all__ = ["CURRENCY_SIGNS", "CURRENCY_WORDS", "DURATIONS", "UNITS", "Unit"]


@dataclass(frozen=True, slots=True)
class Unit:
    """A unit: `base = value * factor + offset` in the first unit of `dimension`."""

    dimension: str
    factor: float
    offset: float = 0.0


def _table() -> dict[str, Unit]:
    rows = """
    length 1 m metre metres meter meters
    length 1000 km kilometre kilometres kilometer kilometers kms
    length 0.01 cm centimetre centimetres centimeter centimeters
    length 0.001 mm millimetre millimetres millimeter millimeters
    length 1609.344 mi mile miles
    length 0.9144 yd yard yards
    length 0.3048 ft foot feet
    length 0.0254 inch inches
    length 1852 nmi
    area 1 m2 m² sqm
    area 1000000 km2 km²
    area 10000 ha hectare hectares
    area 4046.8564224 acre acres
    mass 1 kg kilogram kilograms kilo kilos kilogramme kilogrammes
    mass 0.001 g gram grams gramme grammes
    mass 0.000001 mg milligram milligrams
    mass 1000 tonne tonnes
    mass 907.18474 ton tons
    mass 0.45359237 lb lbs
    mass 0.028349523125 oz ounce ounces
    mass 6.35029318 stone
    volume 1 l litre litres liter liters
    volume 0.01 cl centilitre centilitres
    volume 0.001 ml millilitre millilitres milliliter milliliters
    volume 1000 m3 m³
    volume 3.785411784 gallon gallons
    volume 158.987294928 barrel barrels
    energy 1 wh watt-hour watt-hours
    energy 1000 kwh kilowatt-hour kilowatt-hours
    energy 1000000 mwh megawatt-hour megawatt-hours
    energy 1000000000 gwh gigawatt-hour gigawatt-hours
    energy 1000000000000 twh terawatt-hour terawatt-hours
    power 1 w watt watts
    power 1000 kw kilowatt kilowatts
    power 1000000 mw megawatt megawatts
    power 1000000000 gw gigawatt gigawatts
    speed 1 km/h kph kmh
    speed 1.609344 mph
    speed 3.6 m/s
    speed 3600 km/s
    speed 1.852 knot knots
    bytes 1000000 mb megabyte megabytes
    bytes 1000000000 gb gigabyte gigabytes
    bytes 1000000000000 tb terabyte terabytes
    """
    table: dict[str, Unit] = {}
    for row in rows.strip().splitlines():
        dimension, factor, *names = row.split()
        table.update(dict.fromkeys(names, Unit(dimension, float(factor))))
    table["celsius"] = table["°c"] = Unit("temperature", 1.0)
    table["fahrenheit"] = table["°f"] = Unit("temperature", 5 / 9, -160 / 9)
    return table


UNITS: Mapping[str, Unit] = MappingProxyType(_table())

# Seconds; a month is a twelfth of a year of 365.25 days.
DURATIONS: Mapping[str, float] = MappingProxyType(
    {
        **dict.fromkeys(("second", "seconds", "sec", "secs"), 1.0),
        **dict.fromkeys(("minute", "minutes", "min", "mins"), 60.0),
        **dict.fromkeys(("hour", "hours", "hrs"), 3600.0),
        **dict.fromkeys(("day", "days"), 86400.0),
        **dict.fromkeys(("week", "weeks"), 604800.0),
        **dict.fromkeys(("fortnight", "fortnights"), 1209600.0),
        **dict.fromkeys(("month", "months"), 2629800.0),
        **dict.fromkeys(("year", "years", "yr", "yrs"), 31557600.0),
        **dict.fromkeys(("decade", "decades"), 315576000.0),
    }
)

CURRENCY_SIGNS: Mapping[str, str] = MappingProxyType(
    {"$": "dollar", "€": "euro", "£": "pound", "¥": "yen", "₹": "rupee", "₽": "rouble"}
)
CURRENCY_WORDS: Mapping[str, str] = MappingProxyType(
    {
        form: name
        for name, forms in {
            "dollar": "dollar dollars usd",
            "euro": "euro euros eur",
            "pound": "pounds sterling gbp",
            "yen": "yen jpy",
            "rupee": "rupee rupees inr",
            "rouble": "rouble roubles ruble rubles rub",
            "franc": "franc francs chf",
            "crown": "crown crowns krona kronor krone kroner koruna koruny",
            "zloty": "zloty zlotys",
            "yuan": "yuan renminbi",
            "won": "krw",
            "peso": "peso pesos",
            "lira": "lira liras",
            "rand": "rands",
            "real": "reais",
            "cent": "cents",
        }.items()
        for form in forms.split()
    }
)
