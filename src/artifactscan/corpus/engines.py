"""How batches come to workers: on this machine, over a Ray cluster, or in Spark.

An engine takes batches of documents and gives batches of results, all in the order of the input; what it does with
them in between makes no difference to the rows.
"""
from __future__ import annotations

from collections import deque
from collections.abc import Callable, Generator, Iterable, Iterator
from queue import SimpleQueue

import pyarrow as pa

from artifactscan.corpus import require
from artifactscan.corpus.inputs import Position, Stream
from artifactscan.corpus.work import INPUT, RESULT, Isolated, Limits, Settings

AHEAD = 3  # batches in flight for each process: one being scanned, the others so that a slow one does not stop the rest

Engine = Callable[[Stream, Position, Settings, Limits, int], Generator[pa.RecordBatch, None, None]]


def local(stream: Stream, start: Position, settings: Settings, limits: Limits, processes: int) -> Generator[pa.RecordBatch, None, None]:
    """Processes of this machine: a thread waits for each, the queue is bounded."""
    from concurrent.futures import Future, ThreadPoolExecutor

    workers = [Isolated(settings, limits) for _ in range(processes)]
    idle: SimpleQueue[Isolated] = SimpleQueue()
    for worker in workers:
        idle.put(worker)

    def work(batch: pa.RecordBatch) -> pa.RecordBatch:
        worker = idle.get()
        try:
            return worker(batch)
        finally:
            idle.put(worker)

    flying: deque[Future[pa.RecordBatch]] = deque()
    with ThreadPoolExecutor(processes) as pool:
        try:
            for batch in stream.batches(start):
                flying.append(pool.submit(work, batch))
                while flying and (len(flying) >= AHEAD * processes or flying[0].done()):
                    yield flying.popleft().result()
            while flying:
                yield flying.popleft().result()
        finally:
            for future in flying:
                future.cancel()
            for worker in workers:
                worker.close()


def on_ray(stream: Stream, start: Position, settings: Settings, limits: Limits, processes: int) -> Generator[pa.RecordBatch, None, None]:
    """Ray Data: the cluster's machines read inputs and scan batches; the results stream to this one, in order.

    Inputs and lexicons must have the same paths on every machine.
    """
    require("ray")
    import ray

    context = ray.data.DataContext.get_current()
    context.execution_options.preserve_order = True
    context.enable_progress_bars = False
    todo = [{"number": n, "skip": start[1] if n == start[0] else 0} for n in range(start[0], len(stream.inputs))]
    if not todo:
        return

    def read(tasks: pa.Table) -> Iterator[pa.Table]:
        for task in tasks.to_pylist():
            for batch in stream.only(task["number"], task["skip"]):
                yield pa.Table.from_batches([batch])

    data = ray.data.from_items(todo, override_num_blocks=len(todo)).map_batches(read, batch_size=1, batch_format="pyarrow")
    data = data.map_batches(
        RayWorker, fn_constructor_args=(settings, limits), batch_size=None, batch_format="pyarrow", compute=ray.data.ActorPoolStrategy(size=processes)
    )
    for table in data.iter_batches(batch_size=None, batch_format="pyarrow"):
        yield from table.cast(RESULT).to_batches()


class RayWorker:
    """An actor of Ray Data: a table of documents in, tables of results out."""

    def __init__(self, settings: Settings, limits: Limits) -> None:
        self.scan = Isolated(settings, limits)

    def __call__(self, documents: pa.Table) -> Iterator[pa.Table]:
        for batch in documents.cast(INPUT).to_batches():
            yield pa.Table.from_batches([self.scan(batch)])


def spark_worker(settings: Settings = Settings(), limits: Limits = Limits()) -> Callable[[Iterable[pa.RecordBatch]], Iterator[pa.RecordBatch]]:
    """The function for Spark's mapInArrow, over a frame with at least the columns `id` and `text`; docs/scale.md shows it.

    Its results have the schema `spark_schema()`.
    """

    def scan(batches: Iterable[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        worker = Isolated(settings, limits)
        try:
            for batch in batches:
                yield worker(batch)
        finally:
            worker.close()

    return scan


def spark_schema() -> object:
    """RESULT as a schema of Spark."""
    require("pyspark")
    from pyspark.sql.pandas.types import from_arrow_schema

    return from_arrow_schema(RESULT)


ENGINES: dict[str, Engine] = {"local": local, "ray": on_ray}
