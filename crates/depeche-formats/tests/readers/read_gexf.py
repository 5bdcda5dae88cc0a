import networkx as nx

from common import FOLDER, package

package()
graph = nx.read_gexf(FOLDER / "actors.gexf")
assert graph.number_of_nodes() > 5 and graph.number_of_edges() > 3
assert all("kind" in data and data["label"] for _, data in graph.nodes(data=True))
edges = list(graph.edges(data=True))
assert all(one != other and data["weight"] >= 1 for one, other, data in edges)
assert any("spells" in data for _, _, data in edges), "an edge has time"
