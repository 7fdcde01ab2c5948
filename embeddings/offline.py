"""On import, keeps the libraries below this package from reporting to their makers.

ONNX Runtime writes a device id and a database below the home folder at every load, and after some
seconds looks up its maker's host. Only a variable that is set before its import stops that, and
processes that this one starts inherit it.
"""

import os

SILENT = {
    "ORT_DISABLE_TELEMETRY": "1",  # onnxruntime
    "HF_HUB_DISABLE_TELEMETRY": "1",  # huggingface_hub, transformers, sentence-transformers
}
os.environ.update(SILENT)
