"""Runs the Spark job on two executors of their own on this machine: `spark_driver.py KILL ARGUMENTS…`.

With KILL an executor is killed with SIGKILL once some tasks of the first large stage are done. The last
line on stdout is JSON: what was killed when, and how long the job took.
"""

import json
import os
import signal
import sys
import threading
import time
from pathlib import Path

from pyspark.sql import SparkSession

from depeche import spark_job


def parent(process: int) -> int:
    stat = Path(f"/proc/{process}/stat").read_text()
    return int(stat.rsplit(")", 1)[1].split()[1])


def executors() -> list[int]:
    """The executors that this driver started."""
    found = []
    for folder in Path("/proc").iterdir():
        try:
            if b"CoarseGrainedExecutorBackend" not in (folder / "cmdline").read_bytes():
                continue
            process = int(folder.name)
            while process > 1 and process != os.getpid():
                process = parent(process)
            if process == os.getpid():
                found.append(int(folder.name))
        except (OSError, ValueError):
            continue
    return sorted(found)


def kill_one(spark: SparkSession, told: dict) -> None:
    tracker = spark.sparkContext.statusTracker()
    while True:
        stages = [tracker.getStageInfo(stage) for stage in tracker.getActiveStageIds()]
        running = [s for s in stages if s and s.numTasks >= 8 and s.numCompletedTasks >= 3]
        # The launcher of an executor is a shell whose name has its command too: the child is it.
        processes = executors()
        if running and processes:
            stage = running[0]
            os.kill(processes[-1], signal.SIGKILL)
            told["killed"] = processes[-1]
            told["tasks"] = [stage.numCompletedTasks, stage.numTasks]
            told["executors"] = len(processes)
            return
        time.sleep(0.02)


def main() -> int:
    kill = sys.argv[1] == "kill"
    tasks = os.environ.get("TASKS", "12")
    begun = time.time()
    spark = (
        SparkSession.builder.master("local-cluster[2,1,1024]")
        .config("spark.executorEnv.PYTHONPATH", os.environ.get("PYTHONPATH", ""))
        .config("spark.sql.files.minPartitionNum", tasks)
        .config("spark.sql.shuffle.partitions", "2")
        .config("spark.task.maxFailures", "8")
        .config("spark.ui.enabled", "false")
        .config("spark.driver.memory", "1g")
        .config("spark.driver.bindAddress", "127.0.0.1")
        .config("spark.driver.host", "127.0.0.1")
        .getOrCreate()
    )
    spark.sparkContext.setLogLevel("ERROR")
    told: dict = {"start": round(time.time() - begun, 1)}
    if kill:
        threading.Thread(target=kill_one, args=(spark, told), daemon=True).start()
    begun = time.time()
    code = spark_job.main(sys.argv[2:])
    told["job"] = round(time.time() - begun, 1)
    told["code"] = code
    print(json.dumps(told))
    return 0


if __name__ == "__main__":
    sys.exit(main())
