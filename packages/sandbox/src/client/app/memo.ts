import { Component, createElement, type FunctionComponent } from 'preact';

/** A component that is drawn again only when a property is another one than before. */
export function memo<P extends object>(Inner: FunctionComponent<P>): FunctionComponent<P> {
  class Memo extends Component<P> {
    override shouldComponentUpdate(next: P): boolean {
      return differ(this.props, next) || differ(next, this.props);
    }
    override render() {
      return createElement(Inner, this.props);
    }
  }
  return (props) => createElement(Memo, props);
}

function differ(one: object, other: object): boolean {
  const values = new Map(Object.entries(other));
  return Object.entries(one).some(([name, value]) => name !== 'children' && !Object.is(values.get(name), value));
}
