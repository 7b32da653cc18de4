# Finds shortest ways, components and an order in graphs.
import networkx

graph = networkx.Graph()
graph.add_weighted_edges_from([("a", "b", 1), ("b", "c", 2), ("a", "c", 5), ("d", "e", 1)])
assert networkx.shortest_path(graph, "a", "c", weight="weight") == ["a", "b", "c"]
assert networkx.number_connected_components(graph) == 2
order = list(networkx.topological_sort(networkx.DiGraph([(1, 2), (2, 3), (1, 3)])))
assert order == [1, 2, 3]
