"""
Speak the protocol of the local worker without torch, for tests: ``python scripted_worker.py``.

The model's folder is the script. Its file ``steps`` has one directive for each coming job, of which
each job removes the first: ``crash 2``, ``hang 1``, ``wait 1`` (for a cancellation), ``gate 1`` (for
a line in the FIFO ``gate`` of the folder), ``deaf 1``, ``oom``, ``input``, ``internal``, ``noise``,
``nonsense``, ``notice`` or ``ok``; the number is the step of denoising after which it happens, and
the name of a phase in its place works, too. ``requests`` gets the requests, ``loads`` a line for
each load.
A folder without ``steps`` is a broken model.
"""

import hashlib
import json
import os
import queue
import sys
import threading
from pathlib import Path

import av
import numpy as np
from PIL import Image

STEPS = 4
MARK_ENV = "SCRIPTED_WORKER_LIFE"
"""A FIFO that is held open while the process lives."""


def main() -> None:
    if life := os.environ.get(MARK_ENV):
        os.write(os.open(life, os.O_WRONLY), b"+")
    replies = os.fdopen(os.dup(1), "wb", buffering=0)
    os.dup2(2, 1)

    def send(event: str, **fields: object) -> None:
        replies.write(json.dumps({"event": event, **fields}).encode() + b"\n")

    requests: queue.SimpleQueue[dict] = queue.SimpleQueue()
    cancelled = threading.Event()
    threading.Thread(target=listen, args=(requests, cancelled), daemon=True).start()
    send(
        "ready",
        device=os.environ.get("SCRIPTED_WORKER_DEVICE", "cuda"),
        device_name="scripted",
        versions={"torch": "0"},
    )
    folder = Path()
    while True:
        request = requests.get()
        match request["op"]:
            case "exit":
                return
            case "load":
                folder = Path(request["model"]["folder"])
                if not (folder / "steps").exists():
                    send("failed", id=None, kind="model", message=f"{folder} has no weights")
                    continue
                with (folder / "loads").open("a") as file:
                    file.write(json.dumps(request["model"]) + "\n")
                memory = request["model"]["memory"].replace("auto", "resident")
                send("loaded", family=request["model"]["family"], memory=memory, seconds=0.1)
            case "generate" | "draw":
                generate(request, folder, send, cancelled)
            case "prepare":
                with (folder / "prepared").open("a") as file:
                    file.write(json.dumps(request) + "\n")
            case "depth":
                measure(request, send)


def listen(requests: "queue.SimpleQueue[dict]", cancelled: threading.Event) -> None:
    for line in sys.stdin.buffer:
        request = json.loads(line)
        if request["op"] == "cancel":
            cancelled.set()
        else:
            requests.put(request)
    os._exit(0)


def generate(request: dict, folder: Path, send, cancelled: threading.Event) -> None:
    cancelled.clear()
    job = request["id"]
    with (folder / "requests").open("a") as file:
        file.write(json.dumps(request) + "\n")
    directive, _, at = next_directive(folder).partition(" ")

    def progress(phase: str, step: int = 1, steps: int = 1) -> None:
        send("progress", id=job, phase=phase, step=step, steps=steps)
        if at in {phase, str(step) if phase == "denoise" else ""}:
            act(directive, cancelled, folder)

    progress("encode prompt")
    if directive in {"input", "internal", "oom"}:
        kind = "out of memory" if directive == "oom" else directive
        send("failed", id=job, kind=kind, message=f"scripted: {directive}")
        return
    if directive == "noise":
        sys.stderr.write("a library says hello\n")
        sys.stderr.flush()
        sys.stdout.write("and again, on the standard output\n")
        sys.stdout.flush()
    if directive == "nonsense":
        send("sneeze", id=job)
        send("progress", id=job, phase="nap", step=1, steps=1)
    for step in range(1, STEPS + 1):
        progress("denoise", step, STEPS)
        if cancelled.is_set() and directive != "deaf":
            send("cancelled", id=job)
            return
        if request["preview"]:
            partial = Path(request["preview"] + ".partial")
            Image.new("RGB", (160, 90), (60 * step, 80, 120)).save(partial, "JPEG")
            partial.replace(request["preview"])
            send("preview", id=job)
    progress("decode")
    if request["op"] == "draw":
        draw(request)
    else:
        write(request)
    progress("write")
    keep = request.get("keep", (0, 1))
    size = request["deliver"]
    noted = {"notice": "Only half was read."} if directive == "notice" else {}
    frames = keep[1] - keep[0]
    send("done", id=job, width=size["width"], height=size["height"], frames=frames, **noted)


def next_directive(folder: Path) -> str:
    script = folder / "steps"
    lines = script.read_text().splitlines() or ["ok"]
    script.write_text("\n".join(lines[1:]))
    return lines[0]


def act(directive: str, cancelled: threading.Event, folder: Path) -> None:
    match directive:
        case "crash":
            sys.stderr.write("CUDA error: an illegal memory access\n")
            sys.stderr.flush()
            os._exit(66)
        case "hang" | "deaf":
            threading.Event().wait()
        case "wait":
            cancelled.wait()
        case "gate":
            (folder / "gate").read_bytes()


def draw(request: dict) -> None:
    """Draw stripes whose colours the prompt and the seed decide."""
    size = request["deliver"]
    digest = hashlib.sha256(f"{request['prompt']} {request['seed']}".encode()).digest()
    columns = np.arange(size["width"]) // 8 % 16
    row = np.frombuffer(digest + digest[:16], np.uint8).reshape(16, 3)[columns]
    picture = np.ascontiguousarray(np.broadcast_to(row, (size["height"], size["width"], 3)))
    Image.fromarray(picture).save(request["output"])


def measure(request: dict, send) -> None:
    """Note the request beside the model, and say that what is below is near."""
    with (Path(request["model"]) / "requests").open("a") as file:
        file.write(json.dumps(request) + "\n")
    if next_directive(Path(request["model"])) == "internal":
        send("failed", id=request["id"], kind="internal", message="scripted: internal")
        return
    near = np.linspace(0, 65535, 64).astype(np.uint16)[:, None] * np.ones((1, 96), np.uint16)
    Image.fromarray(near).save(request["output"])
    send("done", id=request["id"], width=96, height=64, frames=1)


def write(request: dict) -> None:
    """Write as many frames as are to be kept, in a colour that the prompt and the seed decide."""
    size = request["deliver"]
    digest = hashlib.sha256(f"{request['prompt']} {request['seed']}".encode()).digest()
    with av.open(request["output"], "w", format="mp4") as container:
        stream = container.add_stream("libx264", rate=int(request["fps"]))
        stream.width, stream.height, stream.pix_fmt = size["width"], size["height"], "yuv420p"
        stream.options = {"preset": "ultrafast"}
        stream.codec_context.thread_count = 1
        for number in range(*request["keep"]):
            picture = np.empty((size["height"], size["width"], 3), np.uint8)
            picture[:] = digest[0], digest[1], number % 256
            for packet in stream.encode(av.VideoFrame.from_ndarray(picture, format="rgb24")):
                container.mux(packet)
        for packet in stream.encode():
            container.mux(packet)


if __name__ == "__main__":
    main()
