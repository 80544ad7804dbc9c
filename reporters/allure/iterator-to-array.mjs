// Allure's quality gate calls toArray() of an iterator, which Node.js has from version 22 on.
const iterator = Object.getPrototypeOf(Object.getPrototypeOf([].values()));
iterator.toArray ??= function () {
  return [...this];
};
