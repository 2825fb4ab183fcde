// Where one provider keeps sessions, codes and tokens: in memory, until they expire or everything is forgotten.

export class Memory {
  #rows = new Map();

  forget() {
    this.#rows.clear();
  }

  // The class that oidc-provider makes an instance of, for each kind of thing it keeps.
  adapter() {
    const rows = this.#rows;
    return class {
      constructor(kind) {
        this.kind = kind;
      }

      async upsert(id, payload, expiresIn) {
        const end = expiresIn ? Date.now() + expiresIn * 1000 : Infinity;
        rows.set(`${this.kind}:${id}`, { payload, end });
      }

      async find(id) {
        const row = rows.get(`${this.kind}:${id}`);
        return row && row.end > Date.now() ? row.payload : undefined;
      }

      async #findBy(name, value) {
        for (const [key, { payload, end }] of rows) {
          if (key.startsWith(`${this.kind}:`) && payload[name] === value && end > Date.now()) return payload;
        }
        return undefined;
      }

      async findByUid(uid) {
        return this.#findBy('uid', uid);
      }

      async findByUserCode(userCode) {
        return this.#findBy('userCode', userCode);
      }

      async consume(id) {
        const payload = await this.find(id);
        if (payload) payload.consumed = Math.floor(Date.now() / 1000);
      }

      async destroy(id) {
        rows.delete(`${this.kind}:${id}`);
      }

      async revokeByGrantId(grantId) {
        for (const [key, { payload }] of rows) if (payload.grantId === grantId) rows.delete(key);
      }
    };
  }
}
