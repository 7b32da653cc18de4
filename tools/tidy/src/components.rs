//! Strongly connected components of a graph, as Tarjan finds them.

/// The components of a graph that is given as the successors of each node. Nodes of a component are sorted.
pub(crate) fn components(graph: &[Vec<usize>]) -> Vec<Vec<usize>> {
    let mut search = Search {
        graph,
        order: vec![None; graph.len()],
        lowest: vec![0; graph.len()],
        open: Vec::new(),
        is_open: vec![false; graph.len()],
        next: 0,
        components: Vec::new(),
    };
    for node in 0..graph.len() {
        if search.order[node].is_none() {
            search.visit(node);
        }
    }
    search.components
}

struct Search<'a> {
    graph: &'a [Vec<usize>],
    order: Vec<Option<usize>>,
    lowest: Vec<usize>,
    open: Vec<usize>,
    is_open: Vec<bool>,
    next: usize,
    components: Vec<Vec<usize>>,
}

impl Search<'_> {
    fn visit(&mut self, node: usize) {
        let order = self.next;
        self.next += 1;
        self.order[node] = Some(order);
        self.lowest[node] = order;
        self.open.push(node);
        self.is_open[node] = true;
        for &next in &self.graph[node] {
            match self.order[next] {
                None => {
                    self.visit(next);
                    self.lowest[node] = self.lowest[node].min(self.lowest[next]);
                }
                Some(order) if self.is_open[next] => {
                    self.lowest[node] = self.lowest[node].min(order);
                }
                Some(_) => {}
            }
        }
        if self.lowest[node] == order {
            let start = self
                .open
                .iter()
                .rposition(|open| *open == node)
                .unwrap_or(0);
            let mut component = self.open.split_off(start);
            for member in &component {
                self.is_open[*member] = false;
            }
            component.sort_unstable();
            self.components.push(component);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::components;

    #[test]
    fn a_circle_is_one_component_and_what_hangs_on_it_is_none() {
        let graph = [vec![1], vec![2, 3], vec![0], vec![]];
        let mut found = components(&graph);
        found.sort();
        assert_eq!(found, [vec![0, 1, 2], vec![3]]);
    }
}
