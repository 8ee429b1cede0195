import {expect, test} from 'vitest';
import {freeWords, joinCommands, readLabels, resourceWords} from './words';

test('what a machine has is said shortly, and nothing where nobody could tell', () => {
  const gpu_names = ['NVIDIA H100', 'NVIDIA H100', 'NVIDIA T4'];
  expect(resourceWords({cpu: 16, memory_bytes: 64 * 2 ** 30, gpus: 3, gpu_names})).toBe(
    '16 cores, 64 GiB, 2 × NVIDIA H100, 1 × NVIDIA T4',
  );
  expect(resourceWords({cpu: 1, memory_bytes: 1.5 * 2 ** 30, gpus: 1})).toBe('1 core, 1.5 GiB, 1 GPU');
  expect(resourceWords({cpu: 0, memory_bytes: 0, gpus: 0})).toBe('');
  expect(resourceWords(undefined)).toBe('');
});

test('what is left of a machine counts what its runs take, of what is known', () => {
  const has = {cpu: 16, memory_bytes: 64 * 2 ** 30, gpus: 2, gpu_names: ['NVIDIA H100', 'NVIDIA H100']};
  expect(freeWords(has, {cpu: 2.5, memory_bytes: 8 * 2 ** 30, gpus: 1})).toBe('13.5 cores, 56 GiB, 1 GPU');
  expect(freeWords(has, undefined)).toBe('16 cores, 64 GiB, 2 GPUs');
  expect(freeWords({cpu: 4}, {cpu: 8, memory_bytes: 2 ** 30})).toBe('0 cores');
  expect(freeWords(undefined)).toBe('');
});

test('labels are pairs with commas between them', () => {
  expect(readLabels('site=home, gpu=yes')).toEqual({site: 'home', gpu: 'yes'});
  expect(readLabels(' ')).toEqual({});
  expect(readLabels('site')).toBeUndefined();
  expect(readLabels('a=b c')).toBeUndefined();
});

test('the token goes into a file; without encryption the worker must be told so', () => {
  expect(joinCommands('mjt_x', 'https://node.example:7070')).toEqual([
    '(umask 077; echo mjt_x >join-token)',
    'mainspring worker --join https://node.example:7070 --token-file join-token',
  ]);
  expect(joinCommands('mjt_x', 'http://10.0.0.5:7070')[1]).toMatch(/--insecure$/);
  expect(joinCommands('mjt_x', 'http://127.0.0.1:7070')[1]).not.toMatch(/--insecure/);
});
