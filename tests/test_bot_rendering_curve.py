"""The risk-coverage curve as a picture."""

from xml.etree import ElementTree

from bot.rendering.risk_coverage_curve import curve_svg

SVG = "{http://www.w3.org/2000/svg}"


def test_the_picture_names_its_axes_and_curves() -> None:
    picture = curve_svg({"now <b>": [(0.5, 0.0), (1.0, 0.3)], "before": [(1.0, 0.38)]})
    root = ElementTree.fromstring(picture)
    texts = {each.text for each in root.iter(f"{SVG}text")}
    assert {"now <b>", "before", "0 %", "100 %", "40 %"} <= texts
    assert any("coverage" in (text or "") for text in texts)
    assert any("risk" in (text or "") for text in texts)
    lines = list(root.iter(f"{SVG}polyline"))
    assert len({(each.get("stroke"), each.get("stroke-dasharray")) for each in lines}) == 2


def test_points_lie_where_their_values_are() -> None:
    root = ElementTree.fromstring(curve_svg({"x": [(0.0, 0.0), (0.5, 0.2), (1.0, 0.4)]}))
    (line,) = root.iter(f"{SVG}polyline")
    # 64 to 616 across; 348 down to 20 for a risk of 0 to 40 %.
    assert line.get("points") == "64.0,348.0 340.0,184.0 616.0,20.0"


def test_nothing_is_a_picture_too() -> None:
    ElementTree.fromstring(curve_svg({}))
    ElementTree.fromstring(curve_svg({"none": []}))
