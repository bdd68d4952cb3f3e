"""QGPO's training steps and sampler in PyTorch on one GPU: the peer of our own CUDA path.

    python3 benchmarks/peers/torch_steps.py [--seconds 1] [--skip-compile] [--state 17] [--action 6]

Networks, losses and sizes are those of the paper's settings (state 17, action 6): a behaviour step at
batch 4096; a critic step and an energy step at batch 256 with 16 support actions; 15 guided network
evaluations of DPM-Solver++ for 1 and for 4096 states. Batches are drawn from tables on the device.

"eager" is what the official code does: torch.optim.Adam and one kernel after the other. "graph" is
the strongest form: torch.compile, fused Adam, the whole step in one CUDA graph. Times are medians of
rounds, by CUDA events, without reading the loss.
"""

import argparse
import math
import statistics
import time

import torch
from torch import nn
from torch.nn import functional as F

STATE, ACTION, SUPPORT, ROWS = 17, 6, 16, 100_000  # the first two unless options say otherwise
BETA_MIN, BETA_MAX = 0.1, 20.0


def marginal(t):
    """alpha and sigma of the linear VP schedule at t."""
    log_alpha = -(t * t) * (BETA_MAX - BETA_MIN) / 4 - t * BETA_MIN / 2
    return log_alpha.exp(), (1 - (2 * log_alpha).exp()).sqrt()


class TimeEmbedding(nn.Module):
    def __init__(self):
        super().__init__()
        self.register_buffer("frequencies", torch.randn(16) * 30)
        self.linear = nn.Linear(32, 32)

    def forward(self, t):
        phase = t * self.frequencies * 2 * math.pi
        return self.linear(torch.cat([phase.sin(), phase.cos()], -1))


class Block(nn.Module):
    def __init__(self, inputs, outputs):
        super().__init__()
        self.first = nn.Linear(inputs, outputs)
        self.condition = nn.Linear(128, outputs)
        self.second = nn.Linear(outputs, outputs)
        self.skip = nn.Linear(inputs, outputs) if inputs != outputs else nn.Identity()

    def forward(self, x, c):
        h = F.silu(self.first(x)) + self.condition(F.silu(c))
        return F.silu(self.second(h)) + self.skip(x)


class ScoreNet(nn.Module):
    """(action, t, state) to score times sigma."""

    def __init__(self):
        super().__init__()
        self.time = TimeEmbedding()
        self.state = nn.Linear(STATE, 32)
        self.condition = nn.Sequential(nn.Linear(64, 128), nn.SiLU(), nn.Linear(128, 128))
        self.down1, self.down2, self.down3 = Block(ACTION, 512), Block(512, 256), Block(256, 128)
        self.middle = Block(128, 128)
        self.up3, self.up2 = Block(256, 256), Block(512, 512)
        self.output = nn.Linear(1024, ACTION)

    def forward(self, a, t, s):
        c = self.condition(torch.cat([F.silu(self.state(s)), self.time(t)], -1))
        d1 = self.down1(a, c)
        d2 = self.down2(d1, c)
        d3 = self.down3(d2, c)
        u3 = self.up3(torch.cat([d3, self.middle(d3, c)], -1), c)
        u2 = self.up2(torch.cat([d2, u3], -1), c)
        return self.output(torch.cat([d1, u2], -1))


def mlp(inputs, layers, activation):
    parts = []
    for _ in range(layers):
        parts += [nn.Linear(inputs, 256), activation()]
        inputs = 256
    return nn.Sequential(*parts, nn.Linear(inputs, 1))


class EnergyNet(nn.Module):
    def __init__(self):
        super().__init__()
        self.time = TimeEmbedding()
        self.net = mlp(ACTION + 32 + STATE, 4, nn.SiLU)

    def forward(self, a, t, s):
        return self.net(torch.cat([a, self.time(t), s], -1))


class TwinQ(nn.Module):
    def __init__(self):
        super().__init__()
        self.one = mlp(ACTION + STATE, 3, nn.ReLU)
        self.two = mlp(ACTION + STATE, 3, nn.ReLU)

    def forward(self, a, s):
        x = torch.cat([a, s], -1)
        return self.one(x), self.two(x)


class Behaviour:
    def __init__(self, graph):
        self.net = ScoreNet().cuda()
        self.states = torch.randn(ROWS, STATE, device="cuda")
        self.actions = torch.rand(ROWS, ACTION, device="cuda") * 2 - 1
        self.adam = adam(self.net.parameters(), 1e-4, graph)
        self.compute = torch.compile(self.loss) if graph else self.loss

    def loss(self, a, s, t, noise):
        alpha, sigma = marginal(t)
        error = self.net(alpha * a + sigma * noise, t, s) + noise
        return error.square().sum(-1).mean()

    def step(self):
        i = torch.randint(ROWS, (4096,), device="cuda")
        t = torch.rand(4096, 1, device="cuda") * (1 - 1e-3) + 1e-3
        loss = self.compute(self.actions[i], self.states[i], t, torch.randn(4096, ACTION, device="cuda"))
        update(self.adam, loss)
        return loss


class Guidance:
    def __init__(self, graph):
        self.q, self.target, self.energy = TwinQ().cuda(), TwinQ().cuda(), EnergyNet().cuda()
        self.target.requires_grad_(False)
        self.states = torch.randn(ROWS + 1, STATE, device="cuda")
        self.actions = torch.rand(ROWS, ACTION, device="cuda") * 2 - 1
        self.rewards = torch.randn(ROWS, 1, device="cuda")
        self.support = torch.rand(ROWS + 1, SUPPORT, ACTION, device="cuda") * 2 - 1
        self.q_adam = adam(self.q.parameters(), 3e-4, graph)
        self.energy_adam = adam(self.energy.parameters(), 3e-4, graph)
        self.q_compute = torch.compile(self.q_loss) if graph else self.q_loss
        self.energy_compute = torch.compile(self.energy_loss) if graph else self.energy_loss

    def support_q(self, s, candidates):
        wide = s.unsqueeze(1).expand(-1, SUPPORT, -1)
        one, two = self.target(candidates, wide)
        return torch.minimum(one, two).squeeze(-1)

    def q_loss(self, s, a, r, s_next, next_candidates):
        with torch.no_grad():
            q = self.support_q(s_next, next_candidates)
            goal = r + 0.99 * (torch.softmax(q, -1) * q).sum(-1, keepdim=True)
        one, two = self.q(a, s)
        return (F.mse_loss(one, goal) + F.mse_loss(two, goal)) / 2

    def energy_loss(self, s, candidates, t, noise):
        with torch.no_grad():
            labels = torch.softmax(3 * self.support_q(s, candidates), -1)
        alpha, sigma = marginal(t)
        noised = alpha.unsqueeze(1) * candidates + sigma.unsqueeze(1) * noise
        wide_t = t.unsqueeze(1).expand(-1, SUPPORT, -1)
        f = self.energy(noised, wide_t, s.unsqueeze(1).expand(-1, SUPPORT, -1)).squeeze(-1)
        return -(labels * torch.log_softmax(f, -1)).sum(-1).mean()

    def step(self):
        i = torch.randint(ROWS, (256,), device="cuda")
        s, candidates = self.states[i], self.support[i]
        loss = self.q_compute(
            s, self.actions[i], self.rewards[i], self.states[i + 1], self.support[i + 1])
        update(self.q_adam, loss)
        with torch.no_grad():
            torch._foreach_lerp_(list(self.target.parameters()), list(self.q.parameters()), 0.005)
        t = torch.rand(256, 1, device="cuda") * (1 - 1e-3) + 1e-3
        noise = torch.randn(256, SUPPORT, ACTION, device="cuda")
        loss = self.energy_compute(s, candidates, t, noise)
        update(self.energy_adam, loss)
        return loss


class Sampler:
    """15 guided evaluations: seven singlestep steps of order 2 and one of order 1."""

    def __init__(self, count):
        self.net, self.energy = ScoreNet().cuda(), EnergyNet().cuda()
        self.states = torch.randn(count, STATE, device="cuda")
        grid = torch.linspace(1, 1e-3, 16, dtype=torch.float64)
        self.nodes = [float(x) for x in grid[::2]] + [1e-3]

    def clean(self, x, t):
        """The prediction of the action without noise."""
        alpha, sigma = marginal(torch.tensor(t, dtype=torch.float64))
        times = torch.full((len(x), 1), t, device="cuda")
        with torch.enable_grad():
            y = x.detach().requires_grad_()
            gradient = torch.autograd.grad(self.energy(y, times, self.states).sum(), y)[0]
        noise = -self.net(x, times, self.states) - float(sigma) * gradient
        return (x - float(sigma) * noise) / float(alpha)

    @torch.no_grad()
    def step(self):
        x = torch.randn(len(self.states), ACTION, device="cuda")
        for i, (t, to) in enumerate(zip(self.nodes, self.nodes[1:])):
            first = self.clean(x, t)
            if i < 7:
                middle = (t + to) / 2
                r = (log_snr(middle) - log_snr(t)) / (log_snr(to) - log_snr(t))
                second = self.clean(advance(x, first, t, middle), middle)
                first = first + (second - first) / (2 * r)
            x = advance(x, first, t, to)
        return x


def log_snr(t):
    alpha, sigma = marginal(torch.tensor(t, dtype=torch.float64))
    return float(torch.log(alpha / sigma))


def advance(x, clean, t, to):
    """One exponential-integrator step in data form."""
    alpha, sigma = (float(v) for v in marginal(torch.tensor(to, dtype=torch.float64)))
    before = float(marginal(torch.tensor(t, dtype=torch.float64))[1])
    h = log_snr(to) - log_snr(t)
    return sigma / before * x - alpha * math.expm1(-h) * clean


def adam(parameters, rate, graph):
    if graph:
        return torch.optim.Adam(parameters, lr=rate, fused=True, capturable=True)
    return torch.optim.Adam(parameters, lr=rate)


def update(optimizer, loss):
    optimizer.zero_grad(set_to_none=True)
    loss.backward()
    optimizer.step()


def captured(work):
    """The step as one CUDA graph, after the warm-up that capture asks for."""
    stream = torch.cuda.Stream()
    stream.wait_stream(torch.cuda.current_stream())
    with torch.cuda.stream(stream):
        for _ in range(5):
            work.step()
    torch.cuda.current_stream().wait_stream(stream)
    graph = torch.cuda.CUDAGraph()
    with torch.cuda.graph(graph):
        work.step()
    return graph.replay


def milliseconds(run, seconds):
    """Median, least and greatest of 7 rounds, per call."""
    for _ in range(10):
        run()
    torch.cuda.synchronize()
    begin = time.perf_counter()
    run()
    torch.cuda.synchronize()
    calls = max(5, int(seconds / 7 / (time.perf_counter() - begin)))
    rounds = []
    for _ in range(7):
        start, end = (torch.cuda.Event(enable_timing=True) for _ in range(2))
        start.record()
        for _ in range(calls):
            run()
        end.record()
        torch.cuda.synchronize()
        rounds.append(start.elapsed_time(end) / calls)
    return statistics.median(rounds), min(rounds), max(rounds)


def main():
    global STATE, ACTION
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--seconds", type=float, default=1, help="of each measurement")
    parser.add_argument("--skip-compile", action="store_true", help="eager only")
    parser.add_argument("--state", type=int, default=STATE, help="numbers in a state")
    parser.add_argument("--action", type=int, default=ACTION, help="numbers in an action")
    options = parser.parse_args()
    STATE, ACTION = options.state, options.action
    torch.manual_seed(0)
    print(f"torch {torch.__version__}, {torch.cuda.get_device_name()}", flush=True)
    cases = {
        "behaviour step, batch 4096": Behaviour,
        "Q + energy step, batch 256 x 16": Guidance,
        "15 guided evaluations, 1 state": lambda graph: Sampler(1),
        "15 guided evaluations, 4096 states": lambda graph: Sampler(4096),
    }
    for graph in [False] if options.skip_compile else [False, True]:
        for precision, name in [("highest", "fp32"), ("high", "TF32")]:
            torch.set_float32_matmul_precision(precision)
            for case, make in cases.items():
                if graph and "evaluations" in case:
                    continue
                begin = time.perf_counter()
                work = make(graph)
                run = captured(work) if graph else work.step
                made = time.perf_counter() - begin
                median, least, greatest = milliseconds(run, options.seconds)
                form = "graph" if graph else "eager"
                print(f"| {case} | {name} | {form} | {median:.3f} | {least:.3f} to {greatest:.3f} "
                      f"| made in {made:.1f} s |", flush=True)


if __name__ == "__main__":
    main()
