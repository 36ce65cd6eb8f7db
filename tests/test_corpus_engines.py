"""The engines give the same rows, bit for bit.  Run where the extras are: pip install '.[ray,spark,test]'; Spark needs Java."""
from __future__ import annotations

import json
import shutil
import sys
from importlib.util import find_spec
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from artifactscan.corpus.engines import spark_schema, spark_worker
from artifactscan.corpus.inputs import Stream
from artifactscan.corpus.run import run
from artifactscan.corpus.work import RESULT, split

SAMPLES = Path(__file__).parents[1] / "samples"


def rows(*tables: pa.Table) -> list[list[str]]:
    return [sorted(json.dumps(row, sort_keys=True) for row in table.to_pylist()) for table in tables]


@pytest.fixture(scope="module")
def inputs(tmp_path_factory: pytest.TempPathFactory) -> list[str]:
    """Records in three files, one of them damaged, and a folder."""
    here = tmp_path_factory.mktemp("inputs")
    spun, clean = ((SAMPLES / f"{name}.txt").read_text(encoding="utf-8") for name in ("spun_article", "clean_news"))
    for n in range(3):
        records = [{"id": f"{n}-{i}", "text": (spun if i % 10 == n else clean)[: 900 + 7 * i], "date": f"2024-0{n + 1}-01"} for i in range(120)]
        (here / f"{n}.jsonl").write_text("".join(json.dumps(r) + "\n" for r in records) + "damaged\n", encoding="utf-8")
    return [*(str(here / f"{n}.jsonl") for n in range(3)), str(SAMPLES)]


@pytest.fixture(scope="module")
def whole(inputs: list[str], tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("local") / "out"
    assert run(inputs, folder, processes=2)["skipped"] == 3
    return folder


@pytest.mark.skipif(find_spec("ray") is None, reason="ray is not installed")
def test_ray(inputs: list[str], whole: Path, tmp_path: Path) -> None:
    import ray
    from ray.cluster_utils import Cluster

    cluster = Cluster(initialize_head=True, head_node_args={"num_cpus": 1})
    cluster.add_node(num_cpus=2)
    ray.init(cluster.address, log_to_driver=False)
    try:
        run(inputs, tmp_path / "out", engine="ray", processes=2)
    finally:
        ray.shutdown()
        cluster.shutdown()
    for name in ("documents", "findings"):
        assert rows(pq.read_table(tmp_path / "out" / name)) == rows(pq.read_table(whole / name))


@pytest.mark.skipif(find_spec("pyspark") is None or shutil.which("java") is None, reason="pyspark or Java is not installed")
def test_spark(inputs: list[str], whole: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from pyspark.sql import SparkSession

    pq.write_table(pa.Table.from_batches(Stream(inputs).batches()), tmp_path / "in.parquet")
    monkeypatch.setenv("PYSPARK_PYTHON", sys.executable)
    spark = SparkSession.builder.master("local[2]").config("spark.ui.enabled", "false").config("spark.sql.warehouse.dir", str(tmp_path)).getOrCreate()
    try:
        frame = spark.read.parquet(str(tmp_path / "in.parquet")).repartition(5)
        frame.mapInArrow(spark_worker(), spark_schema()).write.parquet(str(tmp_path / "out"))
    finally:
        spark.stop()
    results = pq.read_table(tmp_path / "out").cast(RESULT).combine_chunks()
    documents, findings = split(results.to_batches()[0])
    assert rows(documents, findings) == rows(*(pq.read_table(whole / name) for name in ("documents", "findings")))
