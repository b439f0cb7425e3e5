// Part of Fearless, under the Apache License v2.0 with LLVM Exceptions. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The scenarios of channel_bench.cpp with the channels of Rust's standard library, and
// of crossbeam-channel when compiled with --cfg with_crossbeam. The same command line
// and output as the C++ program. std::sync::mpmc is unstable: RUSTC_BOOTSTRAP=1.

#![feature(mpmc_channel)]

use std::time::Instant;

const PARTIES: usize = 4;

/// `capacity` None: unbounded.
trait Channels {
    type Tx<T: Send + 'static>: Clone + Send + Sync + 'static;
    type Rx<T: Send + 'static>: Send + 'static;
    fn make<T: Send + 'static>(capacity: Option<usize>) -> (Self::Tx<T>, Self::Rx<T>);
    fn send<T: Send + 'static>(tx: &Self::Tx<T>, value: T);
    fn recv<T: Send + 'static>(rx: &Self::Rx<T>) -> T;
    fn share<T: Send + 'static>(rx: &Self::Rx<T>) -> Self::Rx<T>;
}

/// std::sync::mpmc, the same code as std::sync::mpsc and with more of it to be seen.
struct StdMpmc;
impl Channels for StdMpmc {
    type Tx<T: Send + 'static> = std::sync::mpmc::Sender<T>;
    type Rx<T: Send + 'static> = std::sync::mpmc::Receiver<T>;
    fn make<T: Send + 'static>(capacity: Option<usize>) -> (Self::Tx<T>, Self::Rx<T>) {
        match capacity {
            None => std::sync::mpmc::channel(),
            Some(n) => std::sync::mpmc::sync_channel(n),
        }
    }
    fn send<T: Send + 'static>(tx: &Self::Tx<T>, value: T) {
        if tx.send(value).is_err() {
            std::process::abort()
        }
    }
    fn recv<T: Send + 'static>(rx: &Self::Rx<T>) -> T {
        rx.recv().unwrap()
    }
    fn share<T: Send + 'static>(rx: &Self::Rx<T>) -> Self::Rx<T> {
        rx.clone()
    }
}

#[cfg(with_crossbeam)]
struct Crossbeam;
#[cfg(with_crossbeam)]
impl Channels for Crossbeam {
    type Tx<T: Send + 'static> = crossbeam_channel::Sender<T>;
    type Rx<T: Send + 'static> = crossbeam_channel::Receiver<T>;
    fn make<T: Send + 'static>(capacity: Option<usize>) -> (Self::Tx<T>, Self::Rx<T>) {
        match capacity {
            None => crossbeam_channel::unbounded(),
            Some(n) => crossbeam_channel::bounded(n),
        }
    }
    fn send<T: Send + 'static>(tx: &Self::Tx<T>, value: T) {
        if tx.send(value).is_err() {
            std::process::abort()
        }
    }
    fn recv<T: Send + 'static>(rx: &Self::Rx<T>) -> T {
        rx.recv().unwrap()
    }
    fn share<T: Send + 'static>(rx: &Self::Rx<T>) -> Self::Rx<T> {
        rx.clone()
    }
}

fn seq<C: Channels>(capacity: Option<usize>, n: usize) {
    let (tx, rx) = C::make::<usize>(capacity);
    for i in 0..n {
        C::send(&tx, i);
    }
    for _ in 0..n {
        C::recv(&rx);
    }
}

fn stream<C: Channels, T: Send + 'static>(
    capacity: Option<usize>,
    n: usize,
    senders: usize,
    receivers: usize,
    message: fn(usize) -> T,
) {
    let (tx, rx) = C::make::<T>(capacity);
    std::thread::scope(|s| {
        for _ in 0..senders {
            let tx = tx.clone();
            s.spawn(move || {
                for i in 0..n / senders {
                    C::send(&tx, message(i));
                }
            });
        }
        for _ in 1..receivers {
            let rx = C::share(&rx);
            s.spawn(move || {
                for _ in 0..n / receivers {
                    C::recv(&rx);
                }
            });
        }
        for _ in 0..n / receivers {
            C::recv(&rx);
        }
    });
}

fn pingpong<C: Channels>(capacity: Option<usize>, n: usize, mut times: Option<&mut Vec<u64>>) {
    let (there_tx, there_rx) = C::make::<usize>(capacity);
    let (back_tx, back_rx) = C::make::<usize>(capacity);
    std::thread::scope(|s| {
        s.spawn(move || {
            for _ in 0..n {
                let v = C::recv(&there_rx);
                C::send(&back_tx, v);
            }
        });
        for i in 0..n {
            let begin = times.as_ref().map(|_| Instant::now());
            C::send(&there_tx, i);
            C::recv(&back_rx);
            if let Some(t) = times.as_mut() {
                t.push(begin.unwrap().elapsed().as_nanos() as u64);
            }
        }
    });
}

#[cfg(with_crossbeam)]
fn select_rx(capacity: Option<usize>, n: usize) {
    let channels: Vec<_> = (0..PARTIES).map(|_| Crossbeam::make::<usize>(capacity)).collect();
    std::thread::scope(|s| {
        for (tx, _) in &channels {
            let tx = tx.clone();
            s.spawn(move || {
                for i in 0..n / PARTIES {
                    tx.send(i).unwrap();
                }
            });
        }
        for _ in 0..n / PARTIES * PARTIES {
            let mut choice = crossbeam_channel::Select::new();
            for (_, rx) in &channels {
                choice.recv(rx);
            }
            let chosen = choice.select();
            let index = chosen.index();
            chosen.recv(&channels[index].1).unwrap();
        }
    });
}

#[cfg(with_crossbeam)]
fn select_both(capacity: Option<usize>, n: usize) {
    let channels: Vec<_> = (0..PARTIES).map(|_| Crossbeam::make::<usize>(capacity)).collect();
    let channels = &channels;
    std::thread::scope(|s| {
        for _ in 0..PARTIES {
            s.spawn(move || {
                for i in 0..n / PARTIES {
                    let mut choice = crossbeam_channel::Select::new();
                    for (tx, _) in channels {
                        choice.send(tx);
                    }
                    let chosen = choice.select();
                    let index = chosen.index();
                    chosen.send(&channels[index].0, i).unwrap();
                }
            });
            s.spawn(move || {
                for _ in 0..n / PARTIES {
                    let mut choice = crossbeam_channel::Select::new();
                    for (_, rx) in channels {
                        choice.recv(rx);
                    }
                    let chosen = choice.select();
                    let index = chosen.index();
                    chosen.recv(&channels[index].1).unwrap();
                }
            });
        }
    });
}

/// Two senders, two receivers, until the end: the smaller share of the messages in percent
/// of an equal one.
fn fairness<C: Channels>(capacity: Option<usize>, n: usize) {
    let (tx, rx) = C::make::<usize>(capacity);
    let taken = std::sync::atomic::AtomicUsize::new(0);
    let begin = std::sync::Barrier::new(4);
    let counts: Vec<usize> = std::thread::scope(|s| {
        for _ in 0..2 {
            let tx = tx.clone();
            let begin = &begin;
            s.spawn(move || {
                begin.wait();
                for i in 0..n / 2 {
                    C::send(&tx, i);
                }
            });
        }
        let receivers: Vec<_> = (0..2)
            .map(|_| {
                let rx = C::share(&rx);
                let (begin, taken) = (&begin, &taken);
                s.spawn(move || {
                    begin.wait();
                    let mut mine = 0;
                    while taken.fetch_add(1, std::sync::atomic::Ordering::Relaxed) < n / 2 * 2 {
                        C::recv(&rx);
                        mine += 1;
                    }
                    mine
                })
            })
            .collect();
        receivers.into_iter().map(|r| r.join().unwrap()).collect()
    });
    println!("{}", 100 * counts.iter().min().unwrap() / (n / 2));
}

fn run<C: Channels>(scenario: &str, capacity: Option<usize>, n: usize, crossbeam: bool) -> i32 {
    if scenario == "latency" {
        let mut times = Vec::with_capacity(n);
        pingpong::<C>(capacity, n, Some(&mut times));
        times.sort();
        println!("{} {} {}", times[n / 2], times[n * 99 / 100], times[n * 999 / 1000]);
        return 0;
    }
    if scenario == "fairness" {
        fairness::<C>(capacity, n);
        return 0;
    }
    let begin = Instant::now();
    match scenario {
        "seq" => seq::<C>(capacity, n),
        "spsc" => stream::<C, usize>(capacity, n, 1, 1, |i| i),
        "mpsc" => stream::<C, usize>(capacity, n, PARTIES, 1, |i| i),
        "mpmc" => stream::<C, usize>(capacity, n, PARTIES, PARTIES, |i| i),
        "spsc1k" => stream::<C, [usize; 128]>(capacity, n, 1, 1, |i| {
            let mut m = [0; 128];
            m[0] = i;
            m
        }),
        "pingpong" => pingpong::<C>(capacity, n, None),
        #[cfg(with_crossbeam)]
        "select_rx" if crossbeam => select_rx(capacity, n),
        #[cfg(with_crossbeam)]
        "select_both" if crossbeam => select_both(capacity, n),
        _ => {
            let _ = crossbeam;
            return 3;
        }
    }
    println!("{:.2}", begin.elapsed().as_nanos() as f64 / n as f64);
    0
}

fn main() {
    let args: Vec<String> = std::env::args().collect();
    if args.len() != 5 {
        eprintln!("usage: channel_bench std|crossbeam SCENARIO CAPACITY MESSAGES");
        std::process::exit(2);
    }
    let capacity = if args[3] == "unbounded" { None } else { Some(args[3].parse().unwrap()) };
    let n = args[4].parse().unwrap();
    std::process::exit(match args[1].as_str() {
        "std" => run::<StdMpmc>(&args[2], capacity, n, false),
        #[cfg(with_crossbeam)]
        "crossbeam" => run::<Crossbeam>(&args[2], capacity, n, true),
        _ => 3,
    });
}
