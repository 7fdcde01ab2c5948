"""Measuring answers: cases, collections, baselines, metrics, comparison, calibration."""
