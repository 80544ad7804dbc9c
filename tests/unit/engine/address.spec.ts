import { expect, test } from '@playwright/test';
import { addressFromEnvironment, usualSockets } from '../../../lab/engine/address.ts';
import { UsageError } from '../../../lab/errors.ts';

test('without DOCKER_HOST there is no address', () => {
  expect(addressFromEnvironment({})).toBeNull();
  expect(addressFromEnvironment({ DOCKER_HOST: '' })).toBeNull();
});

test('a Unix socket is taken as it is', () => {
  expect(addressFromEnvironment({ DOCKER_HOST: 'unix:///run/x.sock' })?.options).toMatchObject({
    socketPath: '/run/x.sock',
  });
});

test('a TCP address has the ports of the docker command', () => {
  expect(addressFromEnvironment({ DOCKER_HOST: 'tcp://engine:99' })?.options).toMatchObject({
    host: 'engine',
    port: 99,
    protocol: 'http',
  });
  expect(addressFromEnvironment({ DOCKER_HOST: 'engine' })?.options).toMatchObject({ host: 'engine', port: 2375 });
});

test('TLS without its certificates is refused with the folder to set', () => {
  const read = () =>
    addressFromEnvironment({ DOCKER_HOST: 'tcp://engine', DOCKER_TLS_VERIFY: '1', DOCKER_CERT_PATH: '/nowhere' });
  expect(read).toThrow(UsageError);
  expect(read).toThrow(/\/nowhere\/ca\.pem[\s\S]*DOCKER_CERT_PATH/);
});

test('an engine over SSH is refused, with the way around it', () => {
  expect(() => addressFromEnvironment({ DOCKER_HOST: 'ssh://me@there' })).toThrow(/not offered[\s\S]*ssh -nNT -L/);
});

for (const text of ['ftp://there', 'tcp://', 'a b']) {
  test(`DOCKER_HOST=${text} is refused`, () => {
    expect(() => addressFromEnvironment({ DOCKER_HOST: text })).toThrow(UsageError);
  });
}

test('the usual sockets are the machine’s, the rootless one and Docker Desktop’s', () => {
  expect(usualSockets({ HOME: '/h', XDG_RUNTIME_DIR: '/run/user/1' }).map((address) => address.text)).toEqual([
    'unix:///var/run/docker.sock',
    'unix:///run/user/1/docker.sock',
    'unix:///h/.docker/run/docker.sock',
  ]);
});
