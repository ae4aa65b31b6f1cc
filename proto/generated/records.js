/*eslint-disable block-scoped-var, id-length, no-control-regex, no-magic-numbers, no-mixed-operators, no-prototype-builtins, no-redeclare, no-shadow, no-var, sort-vars, default-case, jsdoc/require-param*/
import $protobuf from "protobufjs/minimal.js";

// Common aliases
const $Reader = $protobuf.Reader, $Writer = $protobuf.Writer, $util = $protobuf.util;
const $Object = $util.global.Object, $undefined = $util.global.undefined, $Error = $util.global.Error, $RangeError = $util.global.RangeError, $TypeError = $util.global.TypeError, $String = $util.global.String, $Array = $util.global.Array, $Number = $util.global.Number, $isFinite = $util.global.isFinite, $Boolean = $util.global.Boolean;

// Exported root namespace
const $root = $protobuf.roots["default"] || ($protobuf.roots["default"] = {});

export const rekindle = $root.rekindle = (() => {

    /**
     * Namespace rekindle.
     * @exports rekindle
     * @namespace
     */
    const rekindle = {};

    rekindle.Profile = (function() {

        /**
         * Properties of a Profile.
         * @typedef {Object} rekindle.Profile.$Properties
         * @property {string|null} [person] Profile person
         * @property {Array.<number>|null} [segments] Profile segments
         * @property {Array.<rekindle.ProfileOrder.$Properties>|null} [orders] Profile orders
         * @property {number|null} [cycleHalfDays] Profile cycleHalfDays
         * @property {Array.<string>|null} [products] Profile products
         * @property {Array.<string>|null} [categories] Profile categories
         * @property {Array.<string>|null} [boughtWith] Profile boughtWith
         * @property {Array.<number>|null} [conditions] Profile conditions
         * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
         */

        /**
         * Properties of a Profile.
         * @memberof rekindle
         * @interface IProfile
         * @augments rekindle.Profile.$Properties
         * @deprecated Use rekindle.Profile.$Properties instead.
         */

        /**
         * Shape of a Profile.
         * @typedef {rekindle.Profile.$Properties} rekindle.Profile.$Shape
         */

        /**
         * Constructs a new Profile.
         * @memberof rekindle
         * @classdesc Represents a Profile.
         * @constructor
         * @param {rekindle.Profile.$Properties=} [p] Properties to set
         * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
         */
        const Profile = function (p) {
            this.segments = [];
            this.orders = [];
            this.products = [];
            this.categories = [];
            this.boughtWith = [];
            this.conditions = [];
            if (p)
                for (var ks = $Object.keys(p), i = 0; i < ks.length; ++i)
                    if (p[ks[i]] != null && ks[i] !== "__proto__")
                        this[ks[i]] = p[ks[i]];
        };

        /**
         * Profile person.
         * @member {string} person
         * @memberof rekindle.Profile
         * @instance
         */
        Profile.prototype.person = "";

        /**
         * Profile segments.
         * @member {Array.<number>} segments
         * @memberof rekindle.Profile
         * @instance
         */
        Profile.prototype.segments = $util.emptyArray;

        /**
         * Profile orders.
         * @member {Array.<rekindle.ProfileOrder.$Properties>} orders
         * @memberof rekindle.Profile
         * @instance
         */
        Profile.prototype.orders = $util.emptyArray;

        /**
         * Profile cycleHalfDays.
         * @member {number} cycleHalfDays
         * @memberof rekindle.Profile
         * @instance
         */
        Profile.prototype.cycleHalfDays = 0;

        /**
         * Profile products.
         * @member {Array.<string>} products
         * @memberof rekindle.Profile
         * @instance
         */
        Profile.prototype.products = $util.emptyArray;

        /**
         * Profile categories.
         * @member {Array.<string>} categories
         * @memberof rekindle.Profile
         * @instance
         */
        Profile.prototype.categories = $util.emptyArray;

        /**
         * Profile boughtWith.
         * @member {Array.<string>} boughtWith
         * @memberof rekindle.Profile
         * @instance
         */
        Profile.prototype.boughtWith = $util.emptyArray;

        /**
         * Profile conditions.
         * @member {Array.<number>} conditions
         * @memberof rekindle.Profile
         * @instance
         */
        Profile.prototype.conditions = $util.emptyArray;

        /**
         * Encodes the specified Profile message. Does not implicitly {@link rekindle.Profile.verify|verify} messages.
         * @function encode
         * @memberof rekindle.Profile
         * @static
         * @param {rekindle.Profile.$Properties} m Profile message or plain object to encode
         * @param {$protobuf.Writer} [w] Writer to encode to
         * @returns {$protobuf.Writer} Writer
         */
        Profile.encode = function (m, w, q) {
            if (!w)
                w = $Writer.create();
            if (q === $undefined)
                q = 0;
            if (q > $util.recursionLimit)
                throw $Error("max depth exceeded");
            if (m.person != null && $Object.hasOwnProperty.call(m, "person") && m.person !== "")
                w.uint32(/* id 1, wireType 2 =*/10).string(m.person);
            if (m.segments != null && m.segments.length) {
                w.uint32(/* id 2, wireType 2 =*/18).uint32s(m.segments);
            }
            if (m.orders != null && m.orders.length) {
                for (var i = 0; i < m.orders.length; ++i)
                    $root.rekindle.ProfileOrder.encode(m.orders[i], w.uint32(/* id 3, wireType 2 =*/26).fork(), q + 1).ldelim();
            }
            if (m.cycleHalfDays != null && $Object.hasOwnProperty.call(m, "cycleHalfDays") && m.cycleHalfDays !== 0)
                w.uint32(/* id 4, wireType 0 =*/32).uint32(m.cycleHalfDays);
            if (m.products != null && m.products.length) {
                for (var i = 0; i < m.products.length; ++i)
                    w.uint32(/* id 5, wireType 2 =*/42).string(m.products[i]);
            }
            if (m.categories != null && m.categories.length) {
                for (var i = 0; i < m.categories.length; ++i)
                    w.uint32(/* id 6, wireType 2 =*/50).string(m.categories[i]);
            }
            if (m.boughtWith != null && m.boughtWith.length) {
                for (var i = 0; i < m.boughtWith.length; ++i)
                    w.uint32(/* id 7, wireType 2 =*/58).string(m.boughtWith[i]);
            }
            if (m.conditions != null && m.conditions.length) {
                w.uint32(/* id 8, wireType 2 =*/66).uint32s(m.conditions);
            }
            if (m.$unknowns != null && $Object.hasOwnProperty.call(m, "$unknowns"))
                for (var i = 0; i < m.$unknowns.length; ++i)
                    w.raw(m.$unknowns[i]);
            return w;
        };

        /**
         * Decodes a Profile message from the specified reader or buffer.
         * @function decode
         * @memberof rekindle.Profile
         * @static
         * @param {$protobuf.Reader|Uint8Array} r Reader or buffer to decode from
         * @param {number} [l] Message length if known beforehand
         * @returns {rekindle.Profile & rekindle.Profile.$Shape} Profile
         * @throws {Error} If the payload is not a reader or valid buffer
         * @throws {$protobuf.util.ProtocolError} If required fields are missing
         */
        Profile.decode = function (r, l, z, q, g) {
            if (!(r instanceof $Reader))
                r = $Reader.create(r);
            if (q === $undefined)
                q = 0;
            if (q > $Reader.recursionLimit)
                throw $Error("max depth exceeded");
            var c, m, v;
            if (l === $undefined)
                c = r.len;
            else {
                c = r.pos + l;
                if (c > r.len)
                    throw $RangeError("index out of range");
                l = r.len;
                r.len = c;
            }
            m = g || new $root.rekindle.Profile();
            while (r.pos < c) {
                var s = r.pos;
                var t = r.tag();
                if (t === z) {
                    z = $undefined;
                    break;
                }
                var u = t & 7;
                switch (t >>>= 3) {
                case 1: {
                        if (u !== 2)
                            break;
                        if ((v = r.stringVerify()).length)
                            m.person = v;
                        else
                            delete m.person;
                        continue;
                    }
                case 2: {
                        if (u === 2) {
                            if (!(m.segments && m.segments.length))
                                m.segments = [];
                            r.uint32s(m.segments);
                            continue;
                        }
                        if (u !== 0)
                            break;
                        if (!(m.segments && m.segments.length))
                            m.segments = [];
                        m.segments.push(r.uint32());
                        continue;
                    }
                case 3: {
                        if (u !== 2)
                            break;
                        if (!(m.orders && m.orders.length))
                            m.orders = [];
                        m.orders.push($root.rekindle.ProfileOrder.decode(r, r.size(), $undefined, q + 1));
                        continue;
                    }
                case 4: {
                        if (u !== 0)
                            break;
                        if (v = r.uint32())
                            m.cycleHalfDays = v;
                        else
                            delete m.cycleHalfDays;
                        continue;
                    }
                case 5: {
                        if (u !== 2)
                            break;
                        if (!(m.products && m.products.length))
                            m.products = [];
                        m.products.push(r.stringVerify());
                        continue;
                    }
                case 6: {
                        if (u !== 2)
                            break;
                        if (!(m.categories && m.categories.length))
                            m.categories = [];
                        m.categories.push(r.stringVerify());
                        continue;
                    }
                case 7: {
                        if (u !== 2)
                            break;
                        if (!(m.boughtWith && m.boughtWith.length))
                            m.boughtWith = [];
                        m.boughtWith.push(r.stringVerify());
                        continue;
                    }
                case 8: {
                        if (u === 2) {
                            if (!(m.conditions && m.conditions.length))
                                m.conditions = [];
                            r.uint32s(m.conditions);
                            continue;
                        }
                        if (u !== 0)
                            break;
                        if (!(m.conditions && m.conditions.length))
                            m.conditions = [];
                        m.conditions.push(r.uint32());
                        continue;
                    }
                }
                r.skipType(u, q, t);
                if (!r.discardUnknown) {
                    $util.makeProp(m, "$unknowns", false);
                    (m.$unknowns || (m.$unknowns = [])).push(r.raw(s, r.pos));
                }
            }
            if (l !== $undefined) {
                if (r.pos !== c)
                    throw $RangeError("index out of range");
                r.len = l;
            }
            if (z !== $undefined)
                throw $Error("missing end group");
            return m;
        };

        /**
         * Creates a Profile message from a plain object. Also converts values to their respective internal types.
         * @function fromObject
         * @memberof rekindle.Profile
         * @static
         * @param {Object.<string,*>} d Plain object
         * @returns {rekindle.Profile} Profile
         */
        Profile.fromObject = function (d, q) {
            if (d instanceof $root.rekindle.Profile)
                return d;
            if (!$util.isObject(d))
                throw $TypeError(".rekindle.Profile: object expected");
            if (q === $undefined)
                q = 0;
            if (q > $util.recursionLimit)
                throw $Error("max depth exceeded");
            var m = new $root.rekindle.Profile();
            if (d.person != null) {
                if (typeof d.person !== "string" || d.person.length) {
                    m.person = $String(d.person);
                }
            }
            if (d.segments) {
                if (!$Array.isArray(d.segments))
                    throw $TypeError(".rekindle.Profile.segments: array expected");
                m.segments = $Array(d.segments.length);
                for (var i = 0; i < d.segments.length; ++i) {
                    m.segments[i] = d.segments[i] >>> 0;
                }
            }
            if (d.orders) {
                if (!$Array.isArray(d.orders))
                    throw $TypeError(".rekindle.Profile.orders: array expected");
                m.orders = $Array(d.orders.length);
                for (var i = 0; i < d.orders.length; ++i) {
                    if (!$util.isObject(d.orders[i]))
                        throw $TypeError(".rekindle.Profile.orders: object expected");
                    m.orders[i] = $root.rekindle.ProfileOrder.fromObject(d.orders[i], q + 1);
                }
            }
            if (d.cycleHalfDays != null) {
                if ($Number(d.cycleHalfDays) !== 0) {
                    m.cycleHalfDays = d.cycleHalfDays >>> 0;
                }
            }
            if (d.products) {
                if (!$Array.isArray(d.products))
                    throw $TypeError(".rekindle.Profile.products: array expected");
                m.products = $Array(d.products.length);
                for (var i = 0; i < d.products.length; ++i) {
                    m.products[i] = $String(d.products[i]);
                }
            }
            if (d.categories) {
                if (!$Array.isArray(d.categories))
                    throw $TypeError(".rekindle.Profile.categories: array expected");
                m.categories = $Array(d.categories.length);
                for (var i = 0; i < d.categories.length; ++i) {
                    m.categories[i] = $String(d.categories[i]);
                }
            }
            if (d.boughtWith) {
                if (!$Array.isArray(d.boughtWith))
                    throw $TypeError(".rekindle.Profile.boughtWith: array expected");
                m.boughtWith = $Array(d.boughtWith.length);
                for (var i = 0; i < d.boughtWith.length; ++i) {
                    m.boughtWith[i] = $String(d.boughtWith[i]);
                }
            }
            if (d.conditions) {
                if (!$Array.isArray(d.conditions))
                    throw $TypeError(".rekindle.Profile.conditions: array expected");
                m.conditions = $Array(d.conditions.length);
                for (var i = 0; i < d.conditions.length; ++i) {
                    m.conditions[i] = d.conditions[i] >>> 0;
                }
            }
            return m;
        };

        /**
         * Creates a plain object from a Profile message. Also converts values to other types if specified.
         * @function toObject
         * @memberof rekindle.Profile
         * @static
         * @param {rekindle.Profile} m Profile
         * @param {$protobuf.IConversionOptions} [o] Conversion options
         * @returns {Object.<string,*>} Plain object
         */
        Profile.toObject = function (m, o, q) {
            if (!o)
                o = {};
            if (q === $undefined)
                q = 0;
            if (q > $util.recursionLimit)
                throw $Error("max depth exceeded");
            var d = {};
            if (o.arrays || o.defaults) {
                d.segments = [];
                d.orders = [];
                d.products = [];
                d.categories = [];
                d.boughtWith = [];
                d.conditions = [];
            }
            if (o.defaults) {
                d.person = "";
                d.cycleHalfDays = 0;
            }
            if (m.person != null && $Object.hasOwnProperty.call(m, "person")) {
                d.person = m.person;
            }
            if (m.segments && m.segments.length) {
                d.segments = $Array(m.segments.length);
                for (var j = 0; j < m.segments.length; ++j) {
                    d.segments[j] = m.segments[j];
                }
            }
            if (m.orders && m.orders.length) {
                d.orders = $Array(m.orders.length);
                for (var j = 0; j < m.orders.length; ++j) {
                    d.orders[j] = $root.rekindle.ProfileOrder.toObject(m.orders[j], o, q + 1);
                }
            }
            if (m.cycleHalfDays != null && $Object.hasOwnProperty.call(m, "cycleHalfDays")) {
                d.cycleHalfDays = m.cycleHalfDays;
            }
            if (m.products && m.products.length) {
                d.products = $Array(m.products.length);
                for (var j = 0; j < m.products.length; ++j) {
                    d.products[j] = m.products[j];
                }
            }
            if (m.categories && m.categories.length) {
                d.categories = $Array(m.categories.length);
                for (var j = 0; j < m.categories.length; ++j) {
                    d.categories[j] = m.categories[j];
                }
            }
            if (m.boughtWith && m.boughtWith.length) {
                d.boughtWith = $Array(m.boughtWith.length);
                for (var j = 0; j < m.boughtWith.length; ++j) {
                    d.boughtWith[j] = m.boughtWith[j];
                }
            }
            if (m.conditions && m.conditions.length) {
                d.conditions = $Array(m.conditions.length);
                for (var j = 0; j < m.conditions.length; ++j) {
                    d.conditions[j] = m.conditions[j];
                }
            }
            return d;
        };

        /**
         * Converts this Profile to JSON.
         * @function toJSON
         * @memberof rekindle.Profile
         * @instance
         * @returns {Object.<string,*>} JSON object
         */
        Profile.prototype.toJSON = function() {
            return Profile.toObject(this, $protobuf.util.toJSONOptions);
        };

        /**
         * Gets the type url for Profile
         * @function getTypeUrl
         * @memberof rekindle.Profile
         * @static
         * @param {string} [prefix] Custom type url prefix, defaults to `"type.googleapis.com"`
         * @returns {string} The type url
         */
        Profile.getTypeUrl = function(prefix) {
            if (prefix === $undefined)
                prefix = "type.googleapis.com";
            return prefix + "/rekindle.Profile";
        };

        return Profile;
    })();

    rekindle.ProfileOrder = (function() {

        /**
         * Properties of a ProfileOrder.
         * @typedef {Object} rekindle.ProfileOrder.$Properties
         * @property {number|null} [atS] ProfileOrder atS
         * @property {number|null} [status] ProfileOrder status
         * @property {number|null} [revenueMicros] ProfileOrder revenueMicros
         * @property {string|null} [orderKey] ProfileOrder orderKey
         * @property {number|null} [marginMicros] ProfileOrder marginMicros
         * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
         */

        /**
         * Properties of a ProfileOrder.
         * @memberof rekindle
         * @interface IProfileOrder
         * @augments rekindle.ProfileOrder.$Properties
         * @deprecated Use rekindle.ProfileOrder.$Properties instead.
         */

        /**
         * Shape of a ProfileOrder.
         * @typedef {rekindle.ProfileOrder.$Properties} rekindle.ProfileOrder.$Shape
         */

        /**
         * Constructs a new ProfileOrder.
         * @memberof rekindle
         * @classdesc Represents a ProfileOrder.
         * @constructor
         * @param {rekindle.ProfileOrder.$Properties=} [p] Properties to set
         * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
         */
        const ProfileOrder = function (p) {
            if (p)
                for (var ks = $Object.keys(p), i = 0; i < ks.length; ++i)
                    if (p[ks[i]] != null && ks[i] !== "__proto__")
                        this[ks[i]] = p[ks[i]];
        };

        /**
         * ProfileOrder atS.
         * @member {number} atS
         * @memberof rekindle.ProfileOrder
         * @instance
         */
        ProfileOrder.prototype.atS = 0;

        /**
         * ProfileOrder status.
         * @member {number} status
         * @memberof rekindle.ProfileOrder
         * @instance
         */
        ProfileOrder.prototype.status = 0;

        /**
         * ProfileOrder revenueMicros.
         * @member {number} revenueMicros
         * @memberof rekindle.ProfileOrder
         * @instance
         */
        ProfileOrder.prototype.revenueMicros = 0;

        /**
         * ProfileOrder orderKey.
         * @member {string} orderKey
         * @memberof rekindle.ProfileOrder
         * @instance
         */
        ProfileOrder.prototype.orderKey = "";

        /**
         * ProfileOrder marginMicros.
         * @member {number|null|undefined} marginMicros
         * @memberof rekindle.ProfileOrder
         * @instance
         */
        ProfileOrder.prototype.marginMicros = null;

        // OneOf field names bound to virtual getters and setters
        let $oneOfFields;

        // Virtual OneOf for proto3 optional field
        $Object.defineProperty(ProfileOrder.prototype, "_marginMicros", {
            get: $util.oneOfGetter($oneOfFields = ["marginMicros"]),
            set: $util.oneOfSetter($oneOfFields)
        });

        /**
         * Encodes the specified ProfileOrder message. Does not implicitly {@link rekindle.ProfileOrder.verify|verify} messages.
         * @function encode
         * @memberof rekindle.ProfileOrder
         * @static
         * @param {rekindle.ProfileOrder.$Properties} m ProfileOrder message or plain object to encode
         * @param {$protobuf.Writer} [w] Writer to encode to
         * @returns {$protobuf.Writer} Writer
         */
        ProfileOrder.encode = function (m, w, q) {
            if (!w)
                w = $Writer.create();
            if (q === $undefined)
                q = 0;
            if (q > $util.recursionLimit)
                throw $Error("max depth exceeded");
            if (m.atS != null && $Object.hasOwnProperty.call(m, "atS") && m.atS !== 0)
                w.uint32(/* id 1, wireType 0 =*/8).uint32(m.atS);
            if (m.status != null && $Object.hasOwnProperty.call(m, "status") && m.status !== 0)
                w.uint32(/* id 2, wireType 0 =*/16).uint32(m.status);
            if (m.revenueMicros != null && $Object.hasOwnProperty.call(m, "revenueMicros") && !$Object.is(m.revenueMicros, 0))
                w.uint32(/* id 3, wireType 1 =*/25).double(m.revenueMicros);
            if (m.orderKey != null && $Object.hasOwnProperty.call(m, "orderKey") && m.orderKey !== "")
                w.uint32(/* id 4, wireType 2 =*/34).string(m.orderKey);
            if (m.marginMicros != null && $Object.hasOwnProperty.call(m, "marginMicros"))
                w.uint32(/* id 5, wireType 1 =*/41).double(m.marginMicros);
            if (m.$unknowns != null && $Object.hasOwnProperty.call(m, "$unknowns"))
                for (var i = 0; i < m.$unknowns.length; ++i)
                    w.raw(m.$unknowns[i]);
            return w;
        };

        /**
         * Decodes a ProfileOrder message from the specified reader or buffer.
         * @function decode
         * @memberof rekindle.ProfileOrder
         * @static
         * @param {$protobuf.Reader|Uint8Array} r Reader or buffer to decode from
         * @param {number} [l] Message length if known beforehand
         * @returns {rekindle.ProfileOrder & rekindle.ProfileOrder.$Shape} ProfileOrder
         * @throws {Error} If the payload is not a reader or valid buffer
         * @throws {$protobuf.util.ProtocolError} If required fields are missing
         */
        ProfileOrder.decode = function (r, l, z, q, g) {
            if (!(r instanceof $Reader))
                r = $Reader.create(r);
            if (q === $undefined)
                q = 0;
            if (q > $Reader.recursionLimit)
                throw $Error("max depth exceeded");
            var c, m, v;
            if (l === $undefined)
                c = r.len;
            else {
                c = r.pos + l;
                if (c > r.len)
                    throw $RangeError("index out of range");
                l = r.len;
                r.len = c;
            }
            m = g || new $root.rekindle.ProfileOrder();
            while (r.pos < c) {
                var s = r.pos;
                var t = r.tag();
                if (t === z) {
                    z = $undefined;
                    break;
                }
                var u = t & 7;
                switch (t >>>= 3) {
                case 1: {
                        if (u !== 0)
                            break;
                        if (v = r.uint32())
                            m.atS = v;
                        else
                            delete m.atS;
                        continue;
                    }
                case 2: {
                        if (u !== 0)
                            break;
                        if (v = r.uint32())
                            m.status = v;
                        else
                            delete m.status;
                        continue;
                    }
                case 3: {
                        if (u !== 1)
                            break;
                        if (!$Object.is(v = r.double(), 0))
                            m.revenueMicros = v;
                        else
                            delete m.revenueMicros;
                        continue;
                    }
                case 4: {
                        if (u !== 2)
                            break;
                        if ((v = r.stringVerify()).length)
                            m.orderKey = v;
                        else
                            delete m.orderKey;
                        continue;
                    }
                case 5: {
                        if (u !== 1)
                            break;
                        m.marginMicros = r.double();
                        m._marginMicros = "marginMicros";
                        continue;
                    }
                }
                r.skipType(u, q, t);
                if (!r.discardUnknown) {
                    $util.makeProp(m, "$unknowns", false);
                    (m.$unknowns || (m.$unknowns = [])).push(r.raw(s, r.pos));
                }
            }
            if (l !== $undefined) {
                if (r.pos !== c)
                    throw $RangeError("index out of range");
                r.len = l;
            }
            if (z !== $undefined)
                throw $Error("missing end group");
            return m;
        };

        /**
         * Creates a ProfileOrder message from a plain object. Also converts values to their respective internal types.
         * @function fromObject
         * @memberof rekindle.ProfileOrder
         * @static
         * @param {Object.<string,*>} d Plain object
         * @returns {rekindle.ProfileOrder} ProfileOrder
         */
        ProfileOrder.fromObject = function (d, q) {
            if (d instanceof $root.rekindle.ProfileOrder)
                return d;
            if (!$util.isObject(d))
                throw $TypeError(".rekindle.ProfileOrder: object expected");
            if (q === $undefined)
                q = 0;
            if (q > $util.recursionLimit)
                throw $Error("max depth exceeded");
            var m = new $root.rekindle.ProfileOrder();
            if (d.atS != null) {
                if ($Number(d.atS) !== 0) {
                    m.atS = d.atS >>> 0;
                }
            }
            if (d.status != null) {
                if ($Number(d.status) !== 0) {
                    m.status = d.status >>> 0;
                }
            }
            if (d.revenueMicros != null) {
                if (!$Object.is($Number(d.revenueMicros), 0)) {
                    m.revenueMicros = $Number(d.revenueMicros);
                }
            }
            if (d.orderKey != null) {
                if (typeof d.orderKey !== "string" || d.orderKey.length) {
                    m.orderKey = $String(d.orderKey);
                }
            }
            if (d.marginMicros != null) {
                m.marginMicros = $Number(d.marginMicros);
            }
            return m;
        };

        /**
         * Creates a plain object from a ProfileOrder message. Also converts values to other types if specified.
         * @function toObject
         * @memberof rekindle.ProfileOrder
         * @static
         * @param {rekindle.ProfileOrder} m ProfileOrder
         * @param {$protobuf.IConversionOptions} [o] Conversion options
         * @returns {Object.<string,*>} Plain object
         */
        ProfileOrder.toObject = function (m, o, q) {
            if (!o)
                o = {};
            if (q === $undefined)
                q = 0;
            if (q > $util.recursionLimit)
                throw $Error("max depth exceeded");
            var d = {};
            if (o.defaults) {
                d.atS = 0;
                d.status = 0;
                d.revenueMicros = 0;
                d.orderKey = "";
            }
            if (m.atS != null && $Object.hasOwnProperty.call(m, "atS")) {
                d.atS = m.atS;
            }
            if (m.status != null && $Object.hasOwnProperty.call(m, "status")) {
                d.status = m.status;
            }
            if (m.revenueMicros != null && $Object.hasOwnProperty.call(m, "revenueMicros")) {
                d.revenueMicros = o.json && !$isFinite(m.revenueMicros) ? $String(m.revenueMicros) : m.revenueMicros;
            }
            if (m.orderKey != null && $Object.hasOwnProperty.call(m, "orderKey")) {
                d.orderKey = m.orderKey;
            }
            if (m.marginMicros != null && $Object.hasOwnProperty.call(m, "marginMicros")) {
                d.marginMicros = o.json && !$isFinite(m.marginMicros) ? $String(m.marginMicros) : m.marginMicros;
            }
            return d;
        };

        /**
         * Converts this ProfileOrder to JSON.
         * @function toJSON
         * @memberof rekindle.ProfileOrder
         * @instance
         * @returns {Object.<string,*>} JSON object
         */
        ProfileOrder.prototype.toJSON = function() {
            return ProfileOrder.toObject(this, $protobuf.util.toJSONOptions);
        };

        /**
         * Gets the type url for ProfileOrder
         * @function getTypeUrl
         * @memberof rekindle.ProfileOrder
         * @static
         * @param {string} [prefix] Custom type url prefix, defaults to `"type.googleapis.com"`
         * @returns {string} The type url
         */
        ProfileOrder.getTypeUrl = function(prefix) {
            if (prefix === $undefined)
                prefix = "type.googleapis.com";
            return prefix + "/rekindle.ProfileOrder";
        };

        return ProfileOrder;
    })();

    rekindle.LiveFacts = (function() {

        /**
         * Properties of a LiveFacts.
         * @typedef {Object} rekindle.LiveFacts.$Properties
         * @property {string|null} [person] LiveFacts person
         * @property {Array.<rekindle.LiveItem.$Properties>|null} [views] LiveFacts views
         * @property {Array.<rekindle.LiveItem.$Properties>|null} [cart] LiveFacts cart
         * @property {Array.<rekindle.LiveOrder.$Properties>|null} [orders] LiveFacts orders
         * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
         */

        /**
         * Properties of a LiveFacts.
         * @memberof rekindle
         * @interface ILiveFacts
         * @augments rekindle.LiveFacts.$Properties
         * @deprecated Use rekindle.LiveFacts.$Properties instead.
         */

        /**
         * Shape of a LiveFacts.
         * @typedef {rekindle.LiveFacts.$Properties} rekindle.LiveFacts.$Shape
         */

        /**
         * Constructs a new LiveFacts.
         * @memberof rekindle
         * @classdesc Represents a LiveFacts.
         * @constructor
         * @param {rekindle.LiveFacts.$Properties=} [p] Properties to set
         * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
         */
        const LiveFacts = function (p) {
            this.views = [];
            this.cart = [];
            this.orders = [];
            if (p)
                for (var ks = $Object.keys(p), i = 0; i < ks.length; ++i)
                    if (p[ks[i]] != null && ks[i] !== "__proto__")
                        this[ks[i]] = p[ks[i]];
        };

        /**
         * LiveFacts person.
         * @member {string} person
         * @memberof rekindle.LiveFacts
         * @instance
         */
        LiveFacts.prototype.person = "";

        /**
         * LiveFacts views.
         * @member {Array.<rekindle.LiveItem.$Properties>} views
         * @memberof rekindle.LiveFacts
         * @instance
         */
        LiveFacts.prototype.views = $util.emptyArray;

        /**
         * LiveFacts cart.
         * @member {Array.<rekindle.LiveItem.$Properties>} cart
         * @memberof rekindle.LiveFacts
         * @instance
         */
        LiveFacts.prototype.cart = $util.emptyArray;

        /**
         * LiveFacts orders.
         * @member {Array.<rekindle.LiveOrder.$Properties>} orders
         * @memberof rekindle.LiveFacts
         * @instance
         */
        LiveFacts.prototype.orders = $util.emptyArray;

        /**
         * Encodes the specified LiveFacts message. Does not implicitly {@link rekindle.LiveFacts.verify|verify} messages.
         * @function encode
         * @memberof rekindle.LiveFacts
         * @static
         * @param {rekindle.LiveFacts.$Properties} m LiveFacts message or plain object to encode
         * @param {$protobuf.Writer} [w] Writer to encode to
         * @returns {$protobuf.Writer} Writer
         */
        LiveFacts.encode = function (m, w, q) {
            if (!w)
                w = $Writer.create();
            if (q === $undefined)
                q = 0;
            if (q > $util.recursionLimit)
                throw $Error("max depth exceeded");
            if (m.person != null && $Object.hasOwnProperty.call(m, "person") && m.person !== "")
                w.uint32(/* id 1, wireType 2 =*/10).string(m.person);
            if (m.views != null && m.views.length) {
                for (var i = 0; i < m.views.length; ++i)
                    $root.rekindle.LiveItem.encode(m.views[i], w.uint32(/* id 2, wireType 2 =*/18).fork(), q + 1).ldelim();
            }
            if (m.cart != null && m.cart.length) {
                for (var i = 0; i < m.cart.length; ++i)
                    $root.rekindle.LiveItem.encode(m.cart[i], w.uint32(/* id 3, wireType 2 =*/26).fork(), q + 1).ldelim();
            }
            if (m.orders != null && m.orders.length) {
                for (var i = 0; i < m.orders.length; ++i)
                    $root.rekindle.LiveOrder.encode(m.orders[i], w.uint32(/* id 4, wireType 2 =*/34).fork(), q + 1).ldelim();
            }
            if (m.$unknowns != null && $Object.hasOwnProperty.call(m, "$unknowns"))
                for (var i = 0; i < m.$unknowns.length; ++i)
                    w.raw(m.$unknowns[i]);
            return w;
        };

        /**
         * Decodes a LiveFacts message from the specified reader or buffer.
         * @function decode
         * @memberof rekindle.LiveFacts
         * @static
         * @param {$protobuf.Reader|Uint8Array} r Reader or buffer to decode from
         * @param {number} [l] Message length if known beforehand
         * @returns {rekindle.LiveFacts & rekindle.LiveFacts.$Shape} LiveFacts
         * @throws {Error} If the payload is not a reader or valid buffer
         * @throws {$protobuf.util.ProtocolError} If required fields are missing
         */
        LiveFacts.decode = function (r, l, z, q, g) {
            if (!(r instanceof $Reader))
                r = $Reader.create(r);
            if (q === $undefined)
                q = 0;
            if (q > $Reader.recursionLimit)
                throw $Error("max depth exceeded");
            var c, m, v;
            if (l === $undefined)
                c = r.len;
            else {
                c = r.pos + l;
                if (c > r.len)
                    throw $RangeError("index out of range");
                l = r.len;
                r.len = c;
            }
            m = g || new $root.rekindle.LiveFacts();
            while (r.pos < c) {
                var s = r.pos;
                var t = r.tag();
                if (t === z) {
                    z = $undefined;
                    break;
                }
                var u = t & 7;
                switch (t >>>= 3) {
                case 1: {
                        if (u !== 2)
                            break;
                        if ((v = r.stringVerify()).length)
                            m.person = v;
                        else
                            delete m.person;
                        continue;
                    }
                case 2: {
                        if (u !== 2)
                            break;
                        if (!(m.views && m.views.length))
                            m.views = [];
                        m.views.push($root.rekindle.LiveItem.decode(r, r.size(), $undefined, q + 1));
                        continue;
                    }
                case 3: {
                        if (u !== 2)
                            break;
                        if (!(m.cart && m.cart.length))
                            m.cart = [];
                        m.cart.push($root.rekindle.LiveItem.decode(r, r.size(), $undefined, q + 1));
                        continue;
                    }
                case 4: {
                        if (u !== 2)
                            break;
                        if (!(m.orders && m.orders.length))
                            m.orders = [];
                        m.orders.push($root.rekindle.LiveOrder.decode(r, r.size(), $undefined, q + 1));
                        continue;
                    }
                }
                r.skipType(u, q, t);
                if (!r.discardUnknown) {
                    $util.makeProp(m, "$unknowns", false);
                    (m.$unknowns || (m.$unknowns = [])).push(r.raw(s, r.pos));
                }
            }
            if (l !== $undefined) {
                if (r.pos !== c)
                    throw $RangeError("index out of range");
                r.len = l;
            }
            if (z !== $undefined)
                throw $Error("missing end group");
            return m;
        };

        /**
         * Creates a LiveFacts message from a plain object. Also converts values to their respective internal types.
         * @function fromObject
         * @memberof rekindle.LiveFacts
         * @static
         * @param {Object.<string,*>} d Plain object
         * @returns {rekindle.LiveFacts} LiveFacts
         */
        LiveFacts.fromObject = function (d, q) {
            if (d instanceof $root.rekindle.LiveFacts)
                return d;
            if (!$util.isObject(d))
                throw $TypeError(".rekindle.LiveFacts: object expected");
            if (q === $undefined)
                q = 0;
            if (q > $util.recursionLimit)
                throw $Error("max depth exceeded");
            var m = new $root.rekindle.LiveFacts();
            if (d.person != null) {
                if (typeof d.person !== "string" || d.person.length) {
                    m.person = $String(d.person);
                }
            }
            if (d.views) {
                if (!$Array.isArray(d.views))
                    throw $TypeError(".rekindle.LiveFacts.views: array expected");
                m.views = $Array(d.views.length);
                for (var i = 0; i < d.views.length; ++i) {
                    if (!$util.isObject(d.views[i]))
                        throw $TypeError(".rekindle.LiveFacts.views: object expected");
                    m.views[i] = $root.rekindle.LiveItem.fromObject(d.views[i], q + 1);
                }
            }
            if (d.cart) {
                if (!$Array.isArray(d.cart))
                    throw $TypeError(".rekindle.LiveFacts.cart: array expected");
                m.cart = $Array(d.cart.length);
                for (var i = 0; i < d.cart.length; ++i) {
                    if (!$util.isObject(d.cart[i]))
                        throw $TypeError(".rekindle.LiveFacts.cart: object expected");
                    m.cart[i] = $root.rekindle.LiveItem.fromObject(d.cart[i], q + 1);
                }
            }
            if (d.orders) {
                if (!$Array.isArray(d.orders))
                    throw $TypeError(".rekindle.LiveFacts.orders: array expected");
                m.orders = $Array(d.orders.length);
                for (var i = 0; i < d.orders.length; ++i) {
                    if (!$util.isObject(d.orders[i]))
                        throw $TypeError(".rekindle.LiveFacts.orders: object expected");
                    m.orders[i] = $root.rekindle.LiveOrder.fromObject(d.orders[i], q + 1);
                }
            }
            return m;
        };

        /**
         * Creates a plain object from a LiveFacts message. Also converts values to other types if specified.
         * @function toObject
         * @memberof rekindle.LiveFacts
         * @static
         * @param {rekindle.LiveFacts} m LiveFacts
         * @param {$protobuf.IConversionOptions} [o] Conversion options
         * @returns {Object.<string,*>} Plain object
         */
        LiveFacts.toObject = function (m, o, q) {
            if (!o)
                o = {};
            if (q === $undefined)
                q = 0;
            if (q > $util.recursionLimit)
                throw $Error("max depth exceeded");
            var d = {};
            if (o.arrays || o.defaults) {
                d.views = [];
                d.cart = [];
                d.orders = [];
            }
            if (o.defaults) {
                d.person = "";
            }
            if (m.person != null && $Object.hasOwnProperty.call(m, "person")) {
                d.person = m.person;
            }
            if (m.views && m.views.length) {
                d.views = $Array(m.views.length);
                for (var j = 0; j < m.views.length; ++j) {
                    d.views[j] = $root.rekindle.LiveItem.toObject(m.views[j], o, q + 1);
                }
            }
            if (m.cart && m.cart.length) {
                d.cart = $Array(m.cart.length);
                for (var j = 0; j < m.cart.length; ++j) {
                    d.cart[j] = $root.rekindle.LiveItem.toObject(m.cart[j], o, q + 1);
                }
            }
            if (m.orders && m.orders.length) {
                d.orders = $Array(m.orders.length);
                for (var j = 0; j < m.orders.length; ++j) {
                    d.orders[j] = $root.rekindle.LiveOrder.toObject(m.orders[j], o, q + 1);
                }
            }
            return d;
        };

        /**
         * Converts this LiveFacts to JSON.
         * @function toJSON
         * @memberof rekindle.LiveFacts
         * @instance
         * @returns {Object.<string,*>} JSON object
         */
        LiveFacts.prototype.toJSON = function() {
            return LiveFacts.toObject(this, $protobuf.util.toJSONOptions);
        };

        /**
         * Gets the type url for LiveFacts
         * @function getTypeUrl
         * @memberof rekindle.LiveFacts
         * @static
         * @param {string} [prefix] Custom type url prefix, defaults to `"type.googleapis.com"`
         * @returns {string} The type url
         */
        LiveFacts.getTypeUrl = function(prefix) {
            if (prefix === $undefined)
                prefix = "type.googleapis.com";
            return prefix + "/rekindle.LiveFacts";
        };

        return LiveFacts;
    })();

    rekindle.LiveItem = (function() {

        /**
         * Properties of a LiveItem.
         * @typedef {Object} rekindle.LiveItem.$Properties
         * @property {string|null} [item] LiveItem item
         * @property {number|null} [atS] LiveItem atS
         * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
         */

        /**
         * Properties of a LiveItem.
         * @memberof rekindle
         * @interface ILiveItem
         * @augments rekindle.LiveItem.$Properties
         * @deprecated Use rekindle.LiveItem.$Properties instead.
         */

        /**
         * Shape of a LiveItem.
         * @typedef {rekindle.LiveItem.$Properties} rekindle.LiveItem.$Shape
         */

        /**
         * Constructs a new LiveItem.
         * @memberof rekindle
         * @classdesc Represents a LiveItem.
         * @constructor
         * @param {rekindle.LiveItem.$Properties=} [p] Properties to set
         * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
         */
        const LiveItem = function (p) {
            if (p)
                for (var ks = $Object.keys(p), i = 0; i < ks.length; ++i)
                    if (p[ks[i]] != null && ks[i] !== "__proto__")
                        this[ks[i]] = p[ks[i]];
        };

        /**
         * LiveItem item.
         * @member {string} item
         * @memberof rekindle.LiveItem
         * @instance
         */
        LiveItem.prototype.item = "";

        /**
         * LiveItem atS.
         * @member {number} atS
         * @memberof rekindle.LiveItem
         * @instance
         */
        LiveItem.prototype.atS = 0;

        /**
         * Encodes the specified LiveItem message. Does not implicitly {@link rekindle.LiveItem.verify|verify} messages.
         * @function encode
         * @memberof rekindle.LiveItem
         * @static
         * @param {rekindle.LiveItem.$Properties} m LiveItem message or plain object to encode
         * @param {$protobuf.Writer} [w] Writer to encode to
         * @returns {$protobuf.Writer} Writer
         */
        LiveItem.encode = function (m, w, q) {
            if (!w)
                w = $Writer.create();
            if (q === $undefined)
                q = 0;
            if (q > $util.recursionLimit)
                throw $Error("max depth exceeded");
            if (m.item != null && $Object.hasOwnProperty.call(m, "item") && m.item !== "")
                w.uint32(/* id 1, wireType 2 =*/10).string(m.item);
            if (m.atS != null && $Object.hasOwnProperty.call(m, "atS") && m.atS !== 0)
                w.uint32(/* id 2, wireType 0 =*/16).uint32(m.atS);
            if (m.$unknowns != null && $Object.hasOwnProperty.call(m, "$unknowns"))
                for (var i = 0; i < m.$unknowns.length; ++i)
                    w.raw(m.$unknowns[i]);
            return w;
        };

        /**
         * Decodes a LiveItem message from the specified reader or buffer.
         * @function decode
         * @memberof rekindle.LiveItem
         * @static
         * @param {$protobuf.Reader|Uint8Array} r Reader or buffer to decode from
         * @param {number} [l] Message length if known beforehand
         * @returns {rekindle.LiveItem & rekindle.LiveItem.$Shape} LiveItem
         * @throws {Error} If the payload is not a reader or valid buffer
         * @throws {$protobuf.util.ProtocolError} If required fields are missing
         */
        LiveItem.decode = function (r, l, z, q, g) {
            if (!(r instanceof $Reader))
                r = $Reader.create(r);
            if (q === $undefined)
                q = 0;
            if (q > $Reader.recursionLimit)
                throw $Error("max depth exceeded");
            var c, m, v;
            if (l === $undefined)
                c = r.len;
            else {
                c = r.pos + l;
                if (c > r.len)
                    throw $RangeError("index out of range");
                l = r.len;
                r.len = c;
            }
            m = g || new $root.rekindle.LiveItem();
            while (r.pos < c) {
                var s = r.pos;
                var t = r.tag();
                if (t === z) {
                    z = $undefined;
                    break;
                }
                var u = t & 7;
                switch (t >>>= 3) {
                case 1: {
                        if (u !== 2)
                            break;
                        if ((v = r.stringVerify()).length)
                            m.item = v;
                        else
                            delete m.item;
                        continue;
                    }
                case 2: {
                        if (u !== 0)
                            break;
                        if (v = r.uint32())
                            m.atS = v;
                        else
                            delete m.atS;
                        continue;
                    }
                }
                r.skipType(u, q, t);
                if (!r.discardUnknown) {
                    $util.makeProp(m, "$unknowns", false);
                    (m.$unknowns || (m.$unknowns = [])).push(r.raw(s, r.pos));
                }
            }
            if (l !== $undefined) {
                if (r.pos !== c)
                    throw $RangeError("index out of range");
                r.len = l;
            }
            if (z !== $undefined)
                throw $Error("missing end group");
            return m;
        };

        /**
         * Creates a LiveItem message from a plain object. Also converts values to their respective internal types.
         * @function fromObject
         * @memberof rekindle.LiveItem
         * @static
         * @param {Object.<string,*>} d Plain object
         * @returns {rekindle.LiveItem} LiveItem
         */
        LiveItem.fromObject = function (d, q) {
            if (d instanceof $root.rekindle.LiveItem)
                return d;
            if (!$util.isObject(d))
                throw $TypeError(".rekindle.LiveItem: object expected");
            if (q === $undefined)
                q = 0;
            if (q > $util.recursionLimit)
                throw $Error("max depth exceeded");
            var m = new $root.rekindle.LiveItem();
            if (d.item != null) {
                if (typeof d.item !== "string" || d.item.length) {
                    m.item = $String(d.item);
                }
            }
            if (d.atS != null) {
                if ($Number(d.atS) !== 0) {
                    m.atS = d.atS >>> 0;
                }
            }
            return m;
        };

        /**
         * Creates a plain object from a LiveItem message. Also converts values to other types if specified.
         * @function toObject
         * @memberof rekindle.LiveItem
         * @static
         * @param {rekindle.LiveItem} m LiveItem
         * @param {$protobuf.IConversionOptions} [o] Conversion options
         * @returns {Object.<string,*>} Plain object
         */
        LiveItem.toObject = function (m, o, q) {
            if (!o)
                o = {};
            if (q === $undefined)
                q = 0;
            if (q > $util.recursionLimit)
                throw $Error("max depth exceeded");
            var d = {};
            if (o.defaults) {
                d.item = "";
                d.atS = 0;
            }
            if (m.item != null && $Object.hasOwnProperty.call(m, "item")) {
                d.item = m.item;
            }
            if (m.atS != null && $Object.hasOwnProperty.call(m, "atS")) {
                d.atS = m.atS;
            }
            return d;
        };

        /**
         * Converts this LiveItem to JSON.
         * @function toJSON
         * @memberof rekindle.LiveItem
         * @instance
         * @returns {Object.<string,*>} JSON object
         */
        LiveItem.prototype.toJSON = function() {
            return LiveItem.toObject(this, $protobuf.util.toJSONOptions);
        };

        /**
         * Gets the type url for LiveItem
         * @function getTypeUrl
         * @memberof rekindle.LiveItem
         * @static
         * @param {string} [prefix] Custom type url prefix, defaults to `"type.googleapis.com"`
         * @returns {string} The type url
         */
        LiveItem.getTypeUrl = function(prefix) {
            if (prefix === $undefined)
                prefix = "type.googleapis.com";
            return prefix + "/rekindle.LiveItem";
        };

        return LiveItem;
    })();

    rekindle.LiveOrder = (function() {

        /**
         * Properties of a LiveOrder.
         * @typedef {Object} rekindle.LiveOrder.$Properties
         * @property {string|null} [orderKey] LiveOrder orderKey
         * @property {number|null} [atS] LiveOrder atS
         * @property {number|null} [status] LiveOrder status
         * @property {number|null} [revenueMicros] LiveOrder revenueMicros
         * @property {Array.<string>|null} [items] LiveOrder items
         * @property {number|null} [statusAtS] LiveOrder statusAtS
         * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
         */

        /**
         * Properties of a LiveOrder.
         * @memberof rekindle
         * @interface ILiveOrder
         * @augments rekindle.LiveOrder.$Properties
         * @deprecated Use rekindle.LiveOrder.$Properties instead.
         */

        /**
         * Shape of a LiveOrder.
         * @typedef {rekindle.LiveOrder.$Properties} rekindle.LiveOrder.$Shape
         */

        /**
         * Constructs a new LiveOrder.
         * @memberof rekindle
         * @classdesc Represents a LiveOrder.
         * @constructor
         * @param {rekindle.LiveOrder.$Properties=} [p] Properties to set
         * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
         */
        const LiveOrder = function (p) {
            this.items = [];
            if (p)
                for (var ks = $Object.keys(p), i = 0; i < ks.length; ++i)
                    if (p[ks[i]] != null && ks[i] !== "__proto__")
                        this[ks[i]] = p[ks[i]];
        };

        /**
         * LiveOrder orderKey.
         * @member {string} orderKey
         * @memberof rekindle.LiveOrder
         * @instance
         */
        LiveOrder.prototype.orderKey = "";

        /**
         * LiveOrder atS.
         * @member {number} atS
         * @memberof rekindle.LiveOrder
         * @instance
         */
        LiveOrder.prototype.atS = 0;

        /**
         * LiveOrder status.
         * @member {number} status
         * @memberof rekindle.LiveOrder
         * @instance
         */
        LiveOrder.prototype.status = 0;

        /**
         * LiveOrder revenueMicros.
         * @member {number} revenueMicros
         * @memberof rekindle.LiveOrder
         * @instance
         */
        LiveOrder.prototype.revenueMicros = 0;

        /**
         * LiveOrder items.
         * @member {Array.<string>} items
         * @memberof rekindle.LiveOrder
         * @instance
         */
        LiveOrder.prototype.items = $util.emptyArray;

        /**
         * LiveOrder statusAtS.
         * @member {number} statusAtS
         * @memberof rekindle.LiveOrder
         * @instance
         */
        LiveOrder.prototype.statusAtS = 0;

        /**
         * Encodes the specified LiveOrder message. Does not implicitly {@link rekindle.LiveOrder.verify|verify} messages.
         * @function encode
         * @memberof rekindle.LiveOrder
         * @static
         * @param {rekindle.LiveOrder.$Properties} m LiveOrder message or plain object to encode
         * @param {$protobuf.Writer} [w] Writer to encode to
         * @returns {$protobuf.Writer} Writer
         */
        LiveOrder.encode = function (m, w, q) {
            if (!w)
                w = $Writer.create();
            if (q === $undefined)
                q = 0;
            if (q > $util.recursionLimit)
                throw $Error("max depth exceeded");
            if (m.orderKey != null && $Object.hasOwnProperty.call(m, "orderKey") && m.orderKey !== "")
                w.uint32(/* id 1, wireType 2 =*/10).string(m.orderKey);
            if (m.atS != null && $Object.hasOwnProperty.call(m, "atS") && m.atS !== 0)
                w.uint32(/* id 2, wireType 0 =*/16).uint32(m.atS);
            if (m.status != null && $Object.hasOwnProperty.call(m, "status") && m.status !== 0)
                w.uint32(/* id 3, wireType 0 =*/24).uint32(m.status);
            if (m.revenueMicros != null && $Object.hasOwnProperty.call(m, "revenueMicros") && !$Object.is(m.revenueMicros, 0))
                w.uint32(/* id 4, wireType 1 =*/33).double(m.revenueMicros);
            if (m.items != null && m.items.length) {
                for (var i = 0; i < m.items.length; ++i)
                    w.uint32(/* id 5, wireType 2 =*/42).string(m.items[i]);
            }
            if (m.statusAtS != null && $Object.hasOwnProperty.call(m, "statusAtS") && m.statusAtS !== 0)
                w.uint32(/* id 6, wireType 0 =*/48).uint32(m.statusAtS);
            if (m.$unknowns != null && $Object.hasOwnProperty.call(m, "$unknowns"))
                for (var i = 0; i < m.$unknowns.length; ++i)
                    w.raw(m.$unknowns[i]);
            return w;
        };

        /**
         * Decodes a LiveOrder message from the specified reader or buffer.
         * @function decode
         * @memberof rekindle.LiveOrder
         * @static
         * @param {$protobuf.Reader|Uint8Array} r Reader or buffer to decode from
         * @param {number} [l] Message length if known beforehand
         * @returns {rekindle.LiveOrder & rekindle.LiveOrder.$Shape} LiveOrder
         * @throws {Error} If the payload is not a reader or valid buffer
         * @throws {$protobuf.util.ProtocolError} If required fields are missing
         */
        LiveOrder.decode = function (r, l, z, q, g) {
            if (!(r instanceof $Reader))
                r = $Reader.create(r);
            if (q === $undefined)
                q = 0;
            if (q > $Reader.recursionLimit)
                throw $Error("max depth exceeded");
            var c, m, v;
            if (l === $undefined)
                c = r.len;
            else {
                c = r.pos + l;
                if (c > r.len)
                    throw $RangeError("index out of range");
                l = r.len;
                r.len = c;
            }
            m = g || new $root.rekindle.LiveOrder();
            while (r.pos < c) {
                var s = r.pos;
                var t = r.tag();
                if (t === z) {
                    z = $undefined;
                    break;
                }
                var u = t & 7;
                switch (t >>>= 3) {
                case 1: {
                        if (u !== 2)
                            break;
                        if ((v = r.stringVerify()).length)
                            m.orderKey = v;
                        else
                            delete m.orderKey;
                        continue;
                    }
                case 2: {
                        if (u !== 0)
                            break;
                        if (v = r.uint32())
                            m.atS = v;
                        else
                            delete m.atS;
                        continue;
                    }
                case 3: {
                        if (u !== 0)
                            break;
                        if (v = r.uint32())
                            m.status = v;
                        else
                            delete m.status;
                        continue;
                    }
                case 4: {
                        if (u !== 1)
                            break;
                        if (!$Object.is(v = r.double(), 0))
                            m.revenueMicros = v;
                        else
                            delete m.revenueMicros;
                        continue;
                    }
                case 5: {
                        if (u !== 2)
                            break;
                        if (!(m.items && m.items.length))
                            m.items = [];
                        m.items.push(r.stringVerify());
                        continue;
                    }
                case 6: {
                        if (u !== 0)
                            break;
                        if (v = r.uint32())
                            m.statusAtS = v;
                        else
                            delete m.statusAtS;
                        continue;
                    }
                }
                r.skipType(u, q, t);
                if (!r.discardUnknown) {
                    $util.makeProp(m, "$unknowns", false);
                    (m.$unknowns || (m.$unknowns = [])).push(r.raw(s, r.pos));
                }
            }
            if (l !== $undefined) {
                if (r.pos !== c)
                    throw $RangeError("index out of range");
                r.len = l;
            }
            if (z !== $undefined)
                throw $Error("missing end group");
            return m;
        };

        /**
         * Creates a LiveOrder message from a plain object. Also converts values to their respective internal types.
         * @function fromObject
         * @memberof rekindle.LiveOrder
         * @static
         * @param {Object.<string,*>} d Plain object
         * @returns {rekindle.LiveOrder} LiveOrder
         */
        LiveOrder.fromObject = function (d, q) {
            if (d instanceof $root.rekindle.LiveOrder)
                return d;
            if (!$util.isObject(d))
                throw $TypeError(".rekindle.LiveOrder: object expected");
            if (q === $undefined)
                q = 0;
            if (q > $util.recursionLimit)
                throw $Error("max depth exceeded");
            var m = new $root.rekindle.LiveOrder();
            if (d.orderKey != null) {
                if (typeof d.orderKey !== "string" || d.orderKey.length) {
                    m.orderKey = $String(d.orderKey);
                }
            }
            if (d.atS != null) {
                if ($Number(d.atS) !== 0) {
                    m.atS = d.atS >>> 0;
                }
            }
            if (d.status != null) {
                if ($Number(d.status) !== 0) {
                    m.status = d.status >>> 0;
                }
            }
            if (d.revenueMicros != null) {
                if (!$Object.is($Number(d.revenueMicros), 0)) {
                    m.revenueMicros = $Number(d.revenueMicros);
                }
            }
            if (d.items) {
                if (!$Array.isArray(d.items))
                    throw $TypeError(".rekindle.LiveOrder.items: array expected");
                m.items = $Array(d.items.length);
                for (var i = 0; i < d.items.length; ++i) {
                    m.items[i] = $String(d.items[i]);
                }
            }
            if (d.statusAtS != null) {
                if ($Number(d.statusAtS) !== 0) {
                    m.statusAtS = d.statusAtS >>> 0;
                }
            }
            return m;
        };

        /**
         * Creates a plain object from a LiveOrder message. Also converts values to other types if specified.
         * @function toObject
         * @memberof rekindle.LiveOrder
         * @static
         * @param {rekindle.LiveOrder} m LiveOrder
         * @param {$protobuf.IConversionOptions} [o] Conversion options
         * @returns {Object.<string,*>} Plain object
         */
        LiveOrder.toObject = function (m, o, q) {
            if (!o)
                o = {};
            if (q === $undefined)
                q = 0;
            if (q > $util.recursionLimit)
                throw $Error("max depth exceeded");
            var d = {};
            if (o.arrays || o.defaults) {
                d.items = [];
            }
            if (o.defaults) {
                d.orderKey = "";
                d.atS = 0;
                d.status = 0;
                d.revenueMicros = 0;
                d.statusAtS = 0;
            }
            if (m.orderKey != null && $Object.hasOwnProperty.call(m, "orderKey")) {
                d.orderKey = m.orderKey;
            }
            if (m.atS != null && $Object.hasOwnProperty.call(m, "atS")) {
                d.atS = m.atS;
            }
            if (m.status != null && $Object.hasOwnProperty.call(m, "status")) {
                d.status = m.status;
            }
            if (m.revenueMicros != null && $Object.hasOwnProperty.call(m, "revenueMicros")) {
                d.revenueMicros = o.json && !$isFinite(m.revenueMicros) ? $String(m.revenueMicros) : m.revenueMicros;
            }
            if (m.items && m.items.length) {
                d.items = $Array(m.items.length);
                for (var j = 0; j < m.items.length; ++j) {
                    d.items[j] = m.items[j];
                }
            }
            if (m.statusAtS != null && $Object.hasOwnProperty.call(m, "statusAtS")) {
                d.statusAtS = m.statusAtS;
            }
            return d;
        };

        /**
         * Converts this LiveOrder to JSON.
         * @function toJSON
         * @memberof rekindle.LiveOrder
         * @instance
         * @returns {Object.<string,*>} JSON object
         */
        LiveOrder.prototype.toJSON = function() {
            return LiveOrder.toObject(this, $protobuf.util.toJSONOptions);
        };

        /**
         * Gets the type url for LiveOrder
         * @function getTypeUrl
         * @memberof rekindle.LiveOrder
         * @static
         * @param {string} [prefix] Custom type url prefix, defaults to `"type.googleapis.com"`
         * @returns {string} The type url
         */
        LiveOrder.getTypeUrl = function(prefix) {
            if (prefix === $undefined)
                prefix = "type.googleapis.com";
            return prefix + "/rekindle.LiveOrder";
        };

        return LiveOrder;
    })();

    rekindle.Event = (function() {

        /**
         * Properties of an Event.
         * @typedef {Object} rekindle.Event.$Properties
         * @property {number|null} [atMs] Event atMs
         * @property {string|null} [id] Event id
         * @property {rekindle.BidEvent.$Properties|null} [bid] Event bid
         * @property {rekindle.NoticeEvent.$Properties|null} [notice] Event notice
         * @property {rekindle.ShopEvent.$Properties|null} [shop] Event shop
         * @property {rekindle.SyncEvent.$Properties|null} [sync] Event sync
         * @property {"bid"|"notice"|"shop"|"sync"} [body] Event body
         * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
         */

        /**
         * Properties of an Event.
         * @memberof rekindle
         * @interface IEvent
         * @augments rekindle.Event.$Properties
         * @deprecated Use rekindle.Event.$Properties instead.
         */

        /**
         * Narrowed shape of an Event.
         * @typedef {{
         *   atMs?: number|null;
         *   id?: string|null;
         *   bid?: rekindle.BidEvent.$Shape|null;
         *   notice?: rekindle.NoticeEvent.$Shape|null;
         *   shop?: rekindle.ShopEvent.$Shape|null;
         *   sync?: rekindle.SyncEvent.$Shape|null;
         *   $unknowns?: Array.<Uint8Array>;
         * } & (
         *   ({ body?: undefined; bid?: null; notice?: null; shop?: null; sync?: null }|{ body?: "bid"; bid: rekindle.BidEvent.$Shape; notice?: null; shop?: null; sync?: null }|{ body?: "notice"; bid?: null; notice: rekindle.NoticeEvent.$Shape; shop?: null; sync?: null }|{ body?: "shop"; bid?: null; notice?: null; shop: rekindle.ShopEvent.$Shape; sync?: null }|{ body?: "sync"; bid?: null; notice?: null; shop?: null; sync: rekindle.SyncEvent.$Shape })
         * )} rekindle.Event.$Shape
         */

        /**
         * Constructs a new Event.
         * @memberof rekindle
         * @classdesc Represents an Event.
         * @constructor
         * @param {rekindle.Event.$Properties=} [p] Properties to set
         * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
         */
        const Event = function (p) {
            if (p)
                for (var ks = $Object.keys(p), i = 0; i < ks.length; ++i)
                    if (p[ks[i]] != null && ks[i] !== "__proto__")
                        this[ks[i]] = p[ks[i]];
        };

        /**
         * Event atMs.
         * @member {number} atMs
         * @memberof rekindle.Event
         * @instance
         */
        Event.prototype.atMs = 0;

        /**
         * Event id.
         * @member {string} id
         * @memberof rekindle.Event
         * @instance
         */
        Event.prototype.id = "";

        /**
         * Event bid.
         * @member {rekindle.BidEvent.$Properties|null|undefined} bid
         * @memberof rekindle.Event
         * @instance
         */
        Event.prototype.bid = null;

        /**
         * Event notice.
         * @member {rekindle.NoticeEvent.$Properties|null|undefined} notice
         * @memberof rekindle.Event
         * @instance
         */
        Event.prototype.notice = null;

        /**
         * Event shop.
         * @member {rekindle.ShopEvent.$Properties|null|undefined} shop
         * @memberof rekindle.Event
         * @instance
         */
        Event.prototype.shop = null;

        /**
         * Event sync.
         * @member {rekindle.SyncEvent.$Properties|null|undefined} sync
         * @memberof rekindle.Event
         * @instance
         */
        Event.prototype.sync = null;

        // OneOf field names bound to virtual getters and setters
        let $oneOfFields;

        /**
         * Event body.
         * @member {"bid"|"notice"|"shop"|"sync"|undefined} body
         * @memberof rekindle.Event
         * @instance
         */
        $Object.defineProperty(Event.prototype, "body", {
            get: $util.oneOfGetter($oneOfFields = ["bid", "notice", "shop", "sync"]),
            set: $util.oneOfSetter($oneOfFields)
        });

        /**
         * Encodes the specified Event message. Does not implicitly {@link rekindle.Event.verify|verify} messages.
         * @function encode
         * @memberof rekindle.Event
         * @static
         * @param {rekindle.Event.$Properties} m Event message or plain object to encode
         * @param {$protobuf.Writer} [w] Writer to encode to
         * @returns {$protobuf.Writer} Writer
         */
        Event.encode = function (m, w, q) {
            if (!w)
                w = $Writer.create();
            if (q === $undefined)
                q = 0;
            if (q > $util.recursionLimit)
                throw $Error("max depth exceeded");
            if (m.atMs != null && $Object.hasOwnProperty.call(m, "atMs") && !$Object.is(m.atMs, 0))
                w.uint32(/* id 1, wireType 1 =*/9).double(m.atMs);
            if (m.id != null && $Object.hasOwnProperty.call(m, "id") && m.id !== "")
                w.uint32(/* id 2, wireType 2 =*/18).string(m.id);
            if (m.bid != null && $Object.hasOwnProperty.call(m, "bid"))
                $root.rekindle.BidEvent.encode(m.bid, w.uint32(/* id 3, wireType 2 =*/26).fork(), q + 1).ldelim();
            if (m.notice != null && $Object.hasOwnProperty.call(m, "notice"))
                $root.rekindle.NoticeEvent.encode(m.notice, w.uint32(/* id 4, wireType 2 =*/34).fork(), q + 1).ldelim();
            if (m.shop != null && $Object.hasOwnProperty.call(m, "shop"))
                $root.rekindle.ShopEvent.encode(m.shop, w.uint32(/* id 5, wireType 2 =*/42).fork(), q + 1).ldelim();
            if (m.sync != null && $Object.hasOwnProperty.call(m, "sync"))
                $root.rekindle.SyncEvent.encode(m.sync, w.uint32(/* id 6, wireType 2 =*/50).fork(), q + 1).ldelim();
            if (m.$unknowns != null && $Object.hasOwnProperty.call(m, "$unknowns"))
                for (var i = 0; i < m.$unknowns.length; ++i)
                    w.raw(m.$unknowns[i]);
            return w;
        };

        /**
         * Decodes an Event message from the specified reader or buffer.
         * @function decode
         * @memberof rekindle.Event
         * @static
         * @param {$protobuf.Reader|Uint8Array} r Reader or buffer to decode from
         * @param {number} [l] Message length if known beforehand
         * @returns {rekindle.Event & rekindle.Event.$Shape} Event
         * @throws {Error} If the payload is not a reader or valid buffer
         * @throws {$protobuf.util.ProtocolError} If required fields are missing
         */
        Event.decode = function (r, l, z, q, g) {
            if (!(r instanceof $Reader))
                r = $Reader.create(r);
            if (q === $undefined)
                q = 0;
            if (q > $Reader.recursionLimit)
                throw $Error("max depth exceeded");
            var c, m, v;
            if (l === $undefined)
                c = r.len;
            else {
                c = r.pos + l;
                if (c > r.len)
                    throw $RangeError("index out of range");
                l = r.len;
                r.len = c;
            }
            m = g || new $root.rekindle.Event();
            while (r.pos < c) {
                var s = r.pos;
                var t = r.tag();
                if (t === z) {
                    z = $undefined;
                    break;
                }
                var u = t & 7;
                switch (t >>>= 3) {
                case 1: {
                        if (u !== 1)
                            break;
                        if (!$Object.is(v = r.double(), 0))
                            m.atMs = v;
                        else
                            delete m.atMs;
                        continue;
                    }
                case 2: {
                        if (u !== 2)
                            break;
                        if ((v = r.stringVerify()).length)
                            m.id = v;
                        else
                            delete m.id;
                        continue;
                    }
                case 3: {
                        if (u !== 2)
                            break;
                        m.bid = $root.rekindle.BidEvent.decode(r, r.size(), $undefined, q + 1, m.bid);
                        m.body = "bid";
                        continue;
                    }
                case 4: {
                        if (u !== 2)
                            break;
                        m.notice = $root.rekindle.NoticeEvent.decode(r, r.size(), $undefined, q + 1, m.notice);
                        m.body = "notice";
                        continue;
                    }
                case 5: {
                        if (u !== 2)
                            break;
                        m.shop = $root.rekindle.ShopEvent.decode(r, r.size(), $undefined, q + 1, m.shop);
                        m.body = "shop";
                        continue;
                    }
                case 6: {
                        if (u !== 2)
                            break;
                        m.sync = $root.rekindle.SyncEvent.decode(r, r.size(), $undefined, q + 1, m.sync);
                        m.body = "sync";
                        continue;
                    }
                }
                r.skipType(u, q, t);
                if (!r.discardUnknown) {
                    $util.makeProp(m, "$unknowns", false);
                    (m.$unknowns || (m.$unknowns = [])).push(r.raw(s, r.pos));
                }
            }
            if (l !== $undefined) {
                if (r.pos !== c)
                    throw $RangeError("index out of range");
                r.len = l;
            }
            if (z !== $undefined)
                throw $Error("missing end group");
            return m;
        };

        /**
         * Creates an Event message from a plain object. Also converts values to their respective internal types.
         * @function fromObject
         * @memberof rekindle.Event
         * @static
         * @param {Object.<string,*>} d Plain object
         * @returns {rekindle.Event} Event
         */
        Event.fromObject = function (d, q) {
            if (d instanceof $root.rekindle.Event)
                return d;
            if (!$util.isObject(d))
                throw $TypeError(".rekindle.Event: object expected");
            if (q === $undefined)
                q = 0;
            if (q > $util.recursionLimit)
                throw $Error("max depth exceeded");
            var m = new $root.rekindle.Event();
            if (d.atMs != null) {
                if (!$Object.is($Number(d.atMs), 0)) {
                    m.atMs = $Number(d.atMs);
                }
            }
            if (d.id != null) {
                if (typeof d.id !== "string" || d.id.length) {
                    m.id = $String(d.id);
                }
            }
            if (d.bid != null) {
                if (!$util.isObject(d.bid))
                    throw $TypeError(".rekindle.Event.bid: object expected");
                m.bid = $root.rekindle.BidEvent.fromObject(d.bid, q + 1);
            }
            if (d.notice != null) {
                if (!$util.isObject(d.notice))
                    throw $TypeError(".rekindle.Event.notice: object expected");
                m.notice = $root.rekindle.NoticeEvent.fromObject(d.notice, q + 1);
            }
            if (d.shop != null) {
                if (!$util.isObject(d.shop))
                    throw $TypeError(".rekindle.Event.shop: object expected");
                m.shop = $root.rekindle.ShopEvent.fromObject(d.shop, q + 1);
            }
            if (d.sync != null) {
                if (!$util.isObject(d.sync))
                    throw $TypeError(".rekindle.Event.sync: object expected");
                m.sync = $root.rekindle.SyncEvent.fromObject(d.sync, q + 1);
            }
            return m;
        };

        /**
         * Creates a plain object from an Event message. Also converts values to other types if specified.
         * @function toObject
         * @memberof rekindle.Event
         * @static
         * @param {rekindle.Event} m Event
         * @param {$protobuf.IConversionOptions} [o] Conversion options
         * @returns {Object.<string,*>} Plain object
         */
        Event.toObject = function (m, o, q) {
            if (!o)
                o = {};
            if (q === $undefined)
                q = 0;
            if (q > $util.recursionLimit)
                throw $Error("max depth exceeded");
            var d = {};
            if (o.defaults) {
                d.atMs = 0;
                d.id = "";
            }
            if (m.atMs != null && $Object.hasOwnProperty.call(m, "atMs")) {
                d.atMs = o.json && !$isFinite(m.atMs) ? $String(m.atMs) : m.atMs;
            }
            if (m.id != null && $Object.hasOwnProperty.call(m, "id")) {
                d.id = m.id;
            }
            if (m.bid != null && $Object.hasOwnProperty.call(m, "bid")) {
                d.bid = $root.rekindle.BidEvent.toObject(m.bid, o, q + 1);
                if (o.oneofs)
                    d.body = "bid";
            }
            if (m.notice != null && $Object.hasOwnProperty.call(m, "notice")) {
                d.notice = $root.rekindle.NoticeEvent.toObject(m.notice, o, q + 1);
                if (o.oneofs)
                    d.body = "notice";
            }
            if (m.shop != null && $Object.hasOwnProperty.call(m, "shop")) {
                d.shop = $root.rekindle.ShopEvent.toObject(m.shop, o, q + 1);
                if (o.oneofs)
                    d.body = "shop";
            }
            if (m.sync != null && $Object.hasOwnProperty.call(m, "sync")) {
                d.sync = $root.rekindle.SyncEvent.toObject(m.sync, o, q + 1);
                if (o.oneofs)
                    d.body = "sync";
            }
            return d;
        };

        /**
         * Converts this Event to JSON.
         * @function toJSON
         * @memberof rekindle.Event
         * @instance
         * @returns {Object.<string,*>} JSON object
         */
        Event.prototype.toJSON = function() {
            return Event.toObject(this, $protobuf.util.toJSONOptions);
        };

        /**
         * Gets the type url for Event
         * @function getTypeUrl
         * @memberof rekindle.Event
         * @static
         * @param {string} [prefix] Custom type url prefix, defaults to `"type.googleapis.com"`
         * @returns {string} The type url
         */
        Event.getTypeUrl = function(prefix) {
            if (prefix === $undefined)
                prefix = "type.googleapis.com";
            return prefix + "/rekindle.Event";
        };

        return Event;
    })();

    rekindle.BidEvent = (function() {

        /**
         * Properties of a BidEvent.
         * @typedef {Object} rekindle.BidEvent.$Properties
         * @property {string|null} [exchange] BidEvent exchange
         * @property {string|null} [shop] BidEvent shop
         * @property {string|null} [campaign] BidEvent campaign
         * @property {string|null} [creative] BidEvent creative
         * @property {string|null} [person] BidEvent person
         * @property {number|null} [bidCpmMicros] BidEvent bidCpmMicros
         * @property {string|null} [currency] BidEvent currency
         * @property {string|null} [lease] BidEvent lease
         * @property {boolean|null} [test] BidEvent test
         * @property {string|null} [impKey] BidEvent impKey
         * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
         */

        /**
         * Properties of a BidEvent.
         * @memberof rekindle
         * @interface IBidEvent
         * @augments rekindle.BidEvent.$Properties
         * @deprecated Use rekindle.BidEvent.$Properties instead.
         */

        /**
         * Shape of a BidEvent.
         * @typedef {rekindle.BidEvent.$Properties} rekindle.BidEvent.$Shape
         */

        /**
         * Constructs a new BidEvent.
         * @memberof rekindle
         * @classdesc Represents a BidEvent.
         * @constructor
         * @param {rekindle.BidEvent.$Properties=} [p] Properties to set
         * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
         */
        const BidEvent = function (p) {
            if (p)
                for (var ks = $Object.keys(p), i = 0; i < ks.length; ++i)
                    if (p[ks[i]] != null && ks[i] !== "__proto__")
                        this[ks[i]] = p[ks[i]];
        };

        /**
         * BidEvent exchange.
         * @member {string} exchange
         * @memberof rekindle.BidEvent
         * @instance
         */
        BidEvent.prototype.exchange = "";

        /**
         * BidEvent shop.
         * @member {string} shop
         * @memberof rekindle.BidEvent
         * @instance
         */
        BidEvent.prototype.shop = "";

        /**
         * BidEvent campaign.
         * @member {string} campaign
         * @memberof rekindle.BidEvent
         * @instance
         */
        BidEvent.prototype.campaign = "";

        /**
         * BidEvent creative.
         * @member {string} creative
         * @memberof rekindle.BidEvent
         * @instance
         */
        BidEvent.prototype.creative = "";

        /**
         * BidEvent person.
         * @member {string} person
         * @memberof rekindle.BidEvent
         * @instance
         */
        BidEvent.prototype.person = "";

        /**
         * BidEvent bidCpmMicros.
         * @member {number} bidCpmMicros
         * @memberof rekindle.BidEvent
         * @instance
         */
        BidEvent.prototype.bidCpmMicros = 0;

        /**
         * BidEvent currency.
         * @member {string} currency
         * @memberof rekindle.BidEvent
         * @instance
         */
        BidEvent.prototype.currency = "";

        /**
         * BidEvent lease.
         * @member {string} lease
         * @memberof rekindle.BidEvent
         * @instance
         */
        BidEvent.prototype.lease = "";

        /**
         * BidEvent test.
         * @member {boolean} test
         * @memberof rekindle.BidEvent
         * @instance
         */
        BidEvent.prototype.test = false;

        /**
         * BidEvent impKey.
         * @member {string} impKey
         * @memberof rekindle.BidEvent
         * @instance
         */
        BidEvent.prototype.impKey = "";

        /**
         * Encodes the specified BidEvent message. Does not implicitly {@link rekindle.BidEvent.verify|verify} messages.
         * @function encode
         * @memberof rekindle.BidEvent
         * @static
         * @param {rekindle.BidEvent.$Properties} m BidEvent message or plain object to encode
         * @param {$protobuf.Writer} [w] Writer to encode to
         * @returns {$protobuf.Writer} Writer
         */
        BidEvent.encode = function (m, w, q) {
            if (!w)
                w = $Writer.create();
            if (q === $undefined)
                q = 0;
            if (q > $util.recursionLimit)
                throw $Error("max depth exceeded");
            if (m.exchange != null && $Object.hasOwnProperty.call(m, "exchange") && m.exchange !== "")
                w.uint32(/* id 1, wireType 2 =*/10).string(m.exchange);
            if (m.shop != null && $Object.hasOwnProperty.call(m, "shop") && m.shop !== "")
                w.uint32(/* id 2, wireType 2 =*/18).string(m.shop);
            if (m.campaign != null && $Object.hasOwnProperty.call(m, "campaign") && m.campaign !== "")
                w.uint32(/* id 3, wireType 2 =*/26).string(m.campaign);
            if (m.creative != null && $Object.hasOwnProperty.call(m, "creative") && m.creative !== "")
                w.uint32(/* id 4, wireType 2 =*/34).string(m.creative);
            if (m.person != null && $Object.hasOwnProperty.call(m, "person") && m.person !== "")
                w.uint32(/* id 5, wireType 2 =*/42).string(m.person);
            if (m.bidCpmMicros != null && $Object.hasOwnProperty.call(m, "bidCpmMicros") && !$Object.is(m.bidCpmMicros, 0))
                w.uint32(/* id 6, wireType 1 =*/49).double(m.bidCpmMicros);
            if (m.currency != null && $Object.hasOwnProperty.call(m, "currency") && m.currency !== "")
                w.uint32(/* id 7, wireType 2 =*/58).string(m.currency);
            if (m.lease != null && $Object.hasOwnProperty.call(m, "lease") && m.lease !== "")
                w.uint32(/* id 8, wireType 2 =*/66).string(m.lease);
            if (m.test != null && $Object.hasOwnProperty.call(m, "test") && m.test !== false)
                w.uint32(/* id 9, wireType 0 =*/72).bool(m.test);
            if (m.impKey != null && $Object.hasOwnProperty.call(m, "impKey") && m.impKey !== "")
                w.uint32(/* id 10, wireType 2 =*/82).string(m.impKey);
            if (m.$unknowns != null && $Object.hasOwnProperty.call(m, "$unknowns"))
                for (var i = 0; i < m.$unknowns.length; ++i)
                    w.raw(m.$unknowns[i]);
            return w;
        };

        /**
         * Decodes a BidEvent message from the specified reader or buffer.
         * @function decode
         * @memberof rekindle.BidEvent
         * @static
         * @param {$protobuf.Reader|Uint8Array} r Reader or buffer to decode from
         * @param {number} [l] Message length if known beforehand
         * @returns {rekindle.BidEvent & rekindle.BidEvent.$Shape} BidEvent
         * @throws {Error} If the payload is not a reader or valid buffer
         * @throws {$protobuf.util.ProtocolError} If required fields are missing
         */
        BidEvent.decode = function (r, l, z, q, g) {
            if (!(r instanceof $Reader))
                r = $Reader.create(r);
            if (q === $undefined)
                q = 0;
            if (q > $Reader.recursionLimit)
                throw $Error("max depth exceeded");
            var c, m, v;
            if (l === $undefined)
                c = r.len;
            else {
                c = r.pos + l;
                if (c > r.len)
                    throw $RangeError("index out of range");
                l = r.len;
                r.len = c;
            }
            m = g || new $root.rekindle.BidEvent();
            while (r.pos < c) {
                var s = r.pos;
                var t = r.tag();
                if (t === z) {
                    z = $undefined;
                    break;
                }
                var u = t & 7;
                switch (t >>>= 3) {
                case 1: {
                        if (u !== 2)
                            break;
                        if ((v = r.stringVerify()).length)
                            m.exchange = v;
                        else
                            delete m.exchange;
                        continue;
                    }
                case 2: {
                        if (u !== 2)
                            break;
                        if ((v = r.stringVerify()).length)
                            m.shop = v;
                        else
                            delete m.shop;
                        continue;
                    }
                case 3: {
                        if (u !== 2)
                            break;
                        if ((v = r.stringVerify()).length)
                            m.campaign = v;
                        else
                            delete m.campaign;
                        continue;
                    }
                case 4: {
                        if (u !== 2)
                            break;
                        if ((v = r.stringVerify()).length)
                            m.creative = v;
                        else
                            delete m.creative;
                        continue;
                    }
                case 5: {
                        if (u !== 2)
                            break;
                        if ((v = r.stringVerify()).length)
                            m.person = v;
                        else
                            delete m.person;
                        continue;
                    }
                case 6: {
                        if (u !== 1)
                            break;
                        if (!$Object.is(v = r.double(), 0))
                            m.bidCpmMicros = v;
                        else
                            delete m.bidCpmMicros;
                        continue;
                    }
                case 7: {
                        if (u !== 2)
                            break;
                        if ((v = r.stringVerify()).length)
                            m.currency = v;
                        else
                            delete m.currency;
                        continue;
                    }
                case 8: {
                        if (u !== 2)
                            break;
                        if ((v = r.stringVerify()).length)
                            m.lease = v;
                        else
                            delete m.lease;
                        continue;
                    }
                case 9: {
                        if (u !== 0)
                            break;
                        if (v = r.bool())
                            m.test = v;
                        else
                            delete m.test;
                        continue;
                    }
                case 10: {
                        if (u !== 2)
                            break;
                        if ((v = r.stringVerify()).length)
                            m.impKey = v;
                        else
                            delete m.impKey;
                        continue;
                    }
                }
                r.skipType(u, q, t);
                if (!r.discardUnknown) {
                    $util.makeProp(m, "$unknowns", false);
                    (m.$unknowns || (m.$unknowns = [])).push(r.raw(s, r.pos));
                }
            }
            if (l !== $undefined) {
                if (r.pos !== c)
                    throw $RangeError("index out of range");
                r.len = l;
            }
            if (z !== $undefined)
                throw $Error("missing end group");
            return m;
        };

        /**
         * Creates a BidEvent message from a plain object. Also converts values to their respective internal types.
         * @function fromObject
         * @memberof rekindle.BidEvent
         * @static
         * @param {Object.<string,*>} d Plain object
         * @returns {rekindle.BidEvent} BidEvent
         */
        BidEvent.fromObject = function (d, q) {
            if (d instanceof $root.rekindle.BidEvent)
                return d;
            if (!$util.isObject(d))
                throw $TypeError(".rekindle.BidEvent: object expected");
            if (q === $undefined)
                q = 0;
            if (q > $util.recursionLimit)
                throw $Error("max depth exceeded");
            var m = new $root.rekindle.BidEvent();
            if (d.exchange != null) {
                if (typeof d.exchange !== "string" || d.exchange.length) {
                    m.exchange = $String(d.exchange);
                }
            }
            if (d.shop != null) {
                if (typeof d.shop !== "string" || d.shop.length) {
                    m.shop = $String(d.shop);
                }
            }
            if (d.campaign != null) {
                if (typeof d.campaign !== "string" || d.campaign.length) {
                    m.campaign = $String(d.campaign);
                }
            }
            if (d.creative != null) {
                if (typeof d.creative !== "string" || d.creative.length) {
                    m.creative = $String(d.creative);
                }
            }
            if (d.person != null) {
                if (typeof d.person !== "string" || d.person.length) {
                    m.person = $String(d.person);
                }
            }
            if (d.bidCpmMicros != null) {
                if (!$Object.is($Number(d.bidCpmMicros), 0)) {
                    m.bidCpmMicros = $Number(d.bidCpmMicros);
                }
            }
            if (d.currency != null) {
                if (typeof d.currency !== "string" || d.currency.length) {
                    m.currency = $String(d.currency);
                }
            }
            if (d.lease != null) {
                if (typeof d.lease !== "string" || d.lease.length) {
                    m.lease = $String(d.lease);
                }
            }
            if (d.test != null) {
                if (d.test) {
                    m.test = $Boolean(d.test);
                }
            }
            if (d.impKey != null) {
                if (typeof d.impKey !== "string" || d.impKey.length) {
                    m.impKey = $String(d.impKey);
                }
            }
            return m;
        };

        /**
         * Creates a plain object from a BidEvent message. Also converts values to other types if specified.
         * @function toObject
         * @memberof rekindle.BidEvent
         * @static
         * @param {rekindle.BidEvent} m BidEvent
         * @param {$protobuf.IConversionOptions} [o] Conversion options
         * @returns {Object.<string,*>} Plain object
         */
        BidEvent.toObject = function (m, o, q) {
            if (!o)
                o = {};
            if (q === $undefined)
                q = 0;
            if (q > $util.recursionLimit)
                throw $Error("max depth exceeded");
            var d = {};
            if (o.defaults) {
                d.exchange = "";
                d.shop = "";
                d.campaign = "";
                d.creative = "";
                d.person = "";
                d.bidCpmMicros = 0;
                d.currency = "";
                d.lease = "";
                d.test = false;
                d.impKey = "";
            }
            if (m.exchange != null && $Object.hasOwnProperty.call(m, "exchange")) {
                d.exchange = m.exchange;
            }
            if (m.shop != null && $Object.hasOwnProperty.call(m, "shop")) {
                d.shop = m.shop;
            }
            if (m.campaign != null && $Object.hasOwnProperty.call(m, "campaign")) {
                d.campaign = m.campaign;
            }
            if (m.creative != null && $Object.hasOwnProperty.call(m, "creative")) {
                d.creative = m.creative;
            }
            if (m.person != null && $Object.hasOwnProperty.call(m, "person")) {
                d.person = m.person;
            }
            if (m.bidCpmMicros != null && $Object.hasOwnProperty.call(m, "bidCpmMicros")) {
                d.bidCpmMicros = o.json && !$isFinite(m.bidCpmMicros) ? $String(m.bidCpmMicros) : m.bidCpmMicros;
            }
            if (m.currency != null && $Object.hasOwnProperty.call(m, "currency")) {
                d.currency = m.currency;
            }
            if (m.lease != null && $Object.hasOwnProperty.call(m, "lease")) {
                d.lease = m.lease;
            }
            if (m.test != null && $Object.hasOwnProperty.call(m, "test")) {
                d.test = m.test;
            }
            if (m.impKey != null && $Object.hasOwnProperty.call(m, "impKey")) {
                d.impKey = m.impKey;
            }
            return d;
        };

        /**
         * Converts this BidEvent to JSON.
         * @function toJSON
         * @memberof rekindle.BidEvent
         * @instance
         * @returns {Object.<string,*>} JSON object
         */
        BidEvent.prototype.toJSON = function() {
            return BidEvent.toObject(this, $protobuf.util.toJSONOptions);
        };

        /**
         * Gets the type url for BidEvent
         * @function getTypeUrl
         * @memberof rekindle.BidEvent
         * @static
         * @param {string} [prefix] Custom type url prefix, defaults to `"type.googleapis.com"`
         * @returns {string} The type url
         */
        BidEvent.getTypeUrl = function(prefix) {
            if (prefix === $undefined)
                prefix = "type.googleapis.com";
            return prefix + "/rekindle.BidEvent";
        };

        return BidEvent;
    })();

    rekindle.NoticeEvent = (function() {

        /**
         * Properties of a NoticeEvent.
         * @typedef {Object} rekindle.NoticeEvent.$Properties
         * @property {rekindle.NoticeEvent.Kind|null} [kind] NoticeEvent kind
         * @property {Uint8Array|null} [token] NoticeEvent token
         * @property {number|null} [priceCpmMicros] NoticeEvent priceCpmMicros
         * @property {boolean|null} [priceKnown] NoticeEvent priceKnown
         * @property {number|null} [lossCode] NoticeEvent lossCode
         * @property {number|null} [slot] NoticeEvent slot
         * @property {number|null} [minToWinCpmMicros] NoticeEvent minToWinCpmMicros
         * @property {boolean|null} [minToWinKnown] NoticeEvent minToWinKnown
         * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
         */

        /**
         * Properties of a NoticeEvent.
         * @memberof rekindle
         * @interface INoticeEvent
         * @augments rekindle.NoticeEvent.$Properties
         * @deprecated Use rekindle.NoticeEvent.$Properties instead.
         */

        /**
         * Shape of a NoticeEvent.
         * @typedef {rekindle.NoticeEvent.$Properties} rekindle.NoticeEvent.$Shape
         */

        /**
         * Constructs a new NoticeEvent.
         * @memberof rekindle
         * @classdesc Represents a NoticeEvent.
         * @constructor
         * @param {rekindle.NoticeEvent.$Properties=} [p] Properties to set
         * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
         */
        const NoticeEvent = function (p) {
            if (p)
                for (var ks = $Object.keys(p), i = 0; i < ks.length; ++i)
                    if (p[ks[i]] != null && ks[i] !== "__proto__")
                        this[ks[i]] = p[ks[i]];
        };

        /**
         * NoticeEvent kind.
         * @member {rekindle.NoticeEvent.Kind} kind
         * @memberof rekindle.NoticeEvent
         * @instance
         */
        NoticeEvent.prototype.kind = 0;

        /**
         * NoticeEvent token.
         * @member {Uint8Array} token
         * @memberof rekindle.NoticeEvent
         * @instance
         */
        NoticeEvent.prototype.token = $util.newBuffer([]);

        /**
         * NoticeEvent priceCpmMicros.
         * @member {number} priceCpmMicros
         * @memberof rekindle.NoticeEvent
         * @instance
         */
        NoticeEvent.prototype.priceCpmMicros = 0;

        /**
         * NoticeEvent priceKnown.
         * @member {boolean} priceKnown
         * @memberof rekindle.NoticeEvent
         * @instance
         */
        NoticeEvent.prototype.priceKnown = false;

        /**
         * NoticeEvent lossCode.
         * @member {number} lossCode
         * @memberof rekindle.NoticeEvent
         * @instance
         */
        NoticeEvent.prototype.lossCode = 0;

        /**
         * NoticeEvent slot.
         * @member {number} slot
         * @memberof rekindle.NoticeEvent
         * @instance
         */
        NoticeEvent.prototype.slot = 0;

        /**
         * NoticeEvent minToWinCpmMicros.
         * @member {number} minToWinCpmMicros
         * @memberof rekindle.NoticeEvent
         * @instance
         */
        NoticeEvent.prototype.minToWinCpmMicros = 0;

        /**
         * NoticeEvent minToWinKnown.
         * @member {boolean} minToWinKnown
         * @memberof rekindle.NoticeEvent
         * @instance
         */
        NoticeEvent.prototype.minToWinKnown = false;

        /**
         * Encodes the specified NoticeEvent message. Does not implicitly {@link rekindle.NoticeEvent.verify|verify} messages.
         * @function encode
         * @memberof rekindle.NoticeEvent
         * @static
         * @param {rekindle.NoticeEvent.$Properties} m NoticeEvent message or plain object to encode
         * @param {$protobuf.Writer} [w] Writer to encode to
         * @returns {$protobuf.Writer} Writer
         */
        NoticeEvent.encode = function (m, w, q) {
            if (!w)
                w = $Writer.create();
            if (q === $undefined)
                q = 0;
            if (q > $util.recursionLimit)
                throw $Error("max depth exceeded");
            if (m.kind != null && $Object.hasOwnProperty.call(m, "kind") && m.kind !== 0)
                w.uint32(/* id 1, wireType 0 =*/8).int32(m.kind);
            if (m.token != null && $Object.hasOwnProperty.call(m, "token") && m.token.length)
                w.uint32(/* id 2, wireType 2 =*/18).bytes(m.token);
            if (m.priceCpmMicros != null && $Object.hasOwnProperty.call(m, "priceCpmMicros") && !$Object.is(m.priceCpmMicros, 0))
                w.uint32(/* id 3, wireType 1 =*/25).double(m.priceCpmMicros);
            if (m.priceKnown != null && $Object.hasOwnProperty.call(m, "priceKnown") && m.priceKnown !== false)
                w.uint32(/* id 4, wireType 0 =*/32).bool(m.priceKnown);
            if (m.lossCode != null && $Object.hasOwnProperty.call(m, "lossCode") && m.lossCode !== 0)
                w.uint32(/* id 5, wireType 0 =*/40).uint32(m.lossCode);
            if (m.slot != null && $Object.hasOwnProperty.call(m, "slot") && m.slot !== 0)
                w.uint32(/* id 6, wireType 0 =*/48).uint32(m.slot);
            if (m.minToWinCpmMicros != null && $Object.hasOwnProperty.call(m, "minToWinCpmMicros") && !$Object.is(m.minToWinCpmMicros, 0))
                w.uint32(/* id 7, wireType 1 =*/57).double(m.minToWinCpmMicros);
            if (m.minToWinKnown != null && $Object.hasOwnProperty.call(m, "minToWinKnown") && m.minToWinKnown !== false)
                w.uint32(/* id 8, wireType 0 =*/64).bool(m.minToWinKnown);
            if (m.$unknowns != null && $Object.hasOwnProperty.call(m, "$unknowns"))
                for (var i = 0; i < m.$unknowns.length; ++i)
                    w.raw(m.$unknowns[i]);
            return w;
        };

        /**
         * Decodes a NoticeEvent message from the specified reader or buffer.
         * @function decode
         * @memberof rekindle.NoticeEvent
         * @static
         * @param {$protobuf.Reader|Uint8Array} r Reader or buffer to decode from
         * @param {number} [l] Message length if known beforehand
         * @returns {rekindle.NoticeEvent & rekindle.NoticeEvent.$Shape} NoticeEvent
         * @throws {Error} If the payload is not a reader or valid buffer
         * @throws {$protobuf.util.ProtocolError} If required fields are missing
         */
        NoticeEvent.decode = function (r, l, z, q, g) {
            if (!(r instanceof $Reader))
                r = $Reader.create(r);
            if (q === $undefined)
                q = 0;
            if (q > $Reader.recursionLimit)
                throw $Error("max depth exceeded");
            var c, m, v;
            if (l === $undefined)
                c = r.len;
            else {
                c = r.pos + l;
                if (c > r.len)
                    throw $RangeError("index out of range");
                l = r.len;
                r.len = c;
            }
            m = g || new $root.rekindle.NoticeEvent();
            while (r.pos < c) {
                var s = r.pos;
                var t = r.tag();
                if (t === z) {
                    z = $undefined;
                    break;
                }
                var u = t & 7;
                switch (t >>>= 3) {
                case 1: {
                        if (u !== 0)
                            break;
                        if (v = r.int32())
                            m.kind = v;
                        else
                            delete m.kind;
                        continue;
                    }
                case 2: {
                        if (u !== 2)
                            break;
                        if ((v = r.bytes()).length)
                            m.token = v;
                        else
                            delete m.token;
                        continue;
                    }
                case 3: {
                        if (u !== 1)
                            break;
                        if (!$Object.is(v = r.double(), 0))
                            m.priceCpmMicros = v;
                        else
                            delete m.priceCpmMicros;
                        continue;
                    }
                case 4: {
                        if (u !== 0)
                            break;
                        if (v = r.bool())
                            m.priceKnown = v;
                        else
                            delete m.priceKnown;
                        continue;
                    }
                case 5: {
                        if (u !== 0)
                            break;
                        if (v = r.uint32())
                            m.lossCode = v;
                        else
                            delete m.lossCode;
                        continue;
                    }
                case 6: {
                        if (u !== 0)
                            break;
                        if (v = r.uint32())
                            m.slot = v;
                        else
                            delete m.slot;
                        continue;
                    }
                case 7: {
                        if (u !== 1)
                            break;
                        if (!$Object.is(v = r.double(), 0))
                            m.minToWinCpmMicros = v;
                        else
                            delete m.minToWinCpmMicros;
                        continue;
                    }
                case 8: {
                        if (u !== 0)
                            break;
                        if (v = r.bool())
                            m.minToWinKnown = v;
                        else
                            delete m.minToWinKnown;
                        continue;
                    }
                }
                r.skipType(u, q, t);
                if (!r.discardUnknown) {
                    $util.makeProp(m, "$unknowns", false);
                    (m.$unknowns || (m.$unknowns = [])).push(r.raw(s, r.pos));
                }
            }
            if (l !== $undefined) {
                if (r.pos !== c)
                    throw $RangeError("index out of range");
                r.len = l;
            }
            if (z !== $undefined)
                throw $Error("missing end group");
            return m;
        };

        /**
         * Creates a NoticeEvent message from a plain object. Also converts values to their respective internal types.
         * @function fromObject
         * @memberof rekindle.NoticeEvent
         * @static
         * @param {Object.<string,*>} d Plain object
         * @returns {rekindle.NoticeEvent} NoticeEvent
         */
        NoticeEvent.fromObject = function (d, q) {
            if (d instanceof $root.rekindle.NoticeEvent)
                return d;
            if (!$util.isObject(d))
                throw $TypeError(".rekindle.NoticeEvent: object expected");
            if (q === $undefined)
                q = 0;
            if (q > $util.recursionLimit)
                throw $Error("max depth exceeded");
            var m = new $root.rekindle.NoticeEvent();
            if (d.kind !== 0 && (typeof d.kind !== "string" || $root.rekindle.NoticeEvent.Kind[d.kind] !== 0)) {
                switch (d.kind) {
                case "UNKNOWN":
                case 0:
                    m.kind = 0;
                    break;
                case "WIN":
                case 1:
                    m.kind = 1;
                    break;
                case "BILLING":
                case 2:
                    m.kind = 2;
                    break;
                case "LOSS":
                case 3:
                    m.kind = 3;
                    break;
                case "IMPRESSION":
                case 4:
                    m.kind = 4;
                    break;
                case "CLICK":
                case 5:
                    m.kind = 5;
                    break;
                default:
                    if (typeof d.kind === "number" && (d.kind | 0) === d.kind)
                        m.kind = d.kind;
                }
            }
            if (d.token != null) {
                if (d.token.length) {
                    if (typeof d.token === "string")
                        $util.base64.decode(d.token, m.token = $util.newBuffer($util.base64.length(d.token)), 0);
                    else if (d.token.length >= 0)
                        m.token = d.token;
                }
            }
            if (d.priceCpmMicros != null) {
                if (!$Object.is($Number(d.priceCpmMicros), 0)) {
                    m.priceCpmMicros = $Number(d.priceCpmMicros);
                }
            }
            if (d.priceKnown != null) {
                if (d.priceKnown) {
                    m.priceKnown = $Boolean(d.priceKnown);
                }
            }
            if (d.lossCode != null) {
                if ($Number(d.lossCode) !== 0) {
                    m.lossCode = d.lossCode >>> 0;
                }
            }
            if (d.slot != null) {
                if ($Number(d.slot) !== 0) {
                    m.slot = d.slot >>> 0;
                }
            }
            if (d.minToWinCpmMicros != null) {
                if (!$Object.is($Number(d.minToWinCpmMicros), 0)) {
                    m.minToWinCpmMicros = $Number(d.minToWinCpmMicros);
                }
            }
            if (d.minToWinKnown != null) {
                if (d.minToWinKnown) {
                    m.minToWinKnown = $Boolean(d.minToWinKnown);
                }
            }
            return m;
        };

        /**
         * Creates a plain object from a NoticeEvent message. Also converts values to other types if specified.
         * @function toObject
         * @memberof rekindle.NoticeEvent
         * @static
         * @param {rekindle.NoticeEvent} m NoticeEvent
         * @param {$protobuf.IConversionOptions} [o] Conversion options
         * @returns {Object.<string,*>} Plain object
         */
        NoticeEvent.toObject = function (m, o, q) {
            if (!o)
                o = {};
            if (q === $undefined)
                q = 0;
            if (q > $util.recursionLimit)
                throw $Error("max depth exceeded");
            var d = {};
            if (o.defaults) {
                d.kind = o.enums === $String ? "UNKNOWN" : 0;
                if (o.bytes === $String)
                    d.token = "";
                else {
                    d.token = [];
                    if (o.bytes !== $Array)
                        d.token = $util.newBuffer(d.token);
                }
                d.priceCpmMicros = 0;
                d.priceKnown = false;
                d.lossCode = 0;
                d.slot = 0;
                d.minToWinCpmMicros = 0;
                d.minToWinKnown = false;
            }
            if (m.kind != null && $Object.hasOwnProperty.call(m, "kind")) {
                d.kind = o.enums === $String ? $root.rekindle.NoticeEvent.Kind[m.kind] === $undefined ? m.kind : $root.rekindle.NoticeEvent.Kind[m.kind] : m.kind;
            }
            if (m.token != null && $Object.hasOwnProperty.call(m, "token")) {
                d.token = o.bytes === $String ? $util.base64.encode(m.token, 0, m.token.length) : o.bytes === $Array ? $Array.prototype.slice.call(m.token) : m.token;
            }
            if (m.priceCpmMicros != null && $Object.hasOwnProperty.call(m, "priceCpmMicros")) {
                d.priceCpmMicros = o.json && !$isFinite(m.priceCpmMicros) ? $String(m.priceCpmMicros) : m.priceCpmMicros;
            }
            if (m.priceKnown != null && $Object.hasOwnProperty.call(m, "priceKnown")) {
                d.priceKnown = m.priceKnown;
            }
            if (m.lossCode != null && $Object.hasOwnProperty.call(m, "lossCode")) {
                d.lossCode = m.lossCode;
            }
            if (m.slot != null && $Object.hasOwnProperty.call(m, "slot")) {
                d.slot = m.slot;
            }
            if (m.minToWinCpmMicros != null && $Object.hasOwnProperty.call(m, "minToWinCpmMicros")) {
                d.minToWinCpmMicros = o.json && !$isFinite(m.minToWinCpmMicros) ? $String(m.minToWinCpmMicros) : m.minToWinCpmMicros;
            }
            if (m.minToWinKnown != null && $Object.hasOwnProperty.call(m, "minToWinKnown")) {
                d.minToWinKnown = m.minToWinKnown;
            }
            return d;
        };

        /**
         * Converts this NoticeEvent to JSON.
         * @function toJSON
         * @memberof rekindle.NoticeEvent
         * @instance
         * @returns {Object.<string,*>} JSON object
         */
        NoticeEvent.prototype.toJSON = function() {
            return NoticeEvent.toObject(this, $protobuf.util.toJSONOptions);
        };

        /**
         * Gets the type url for NoticeEvent
         * @function getTypeUrl
         * @memberof rekindle.NoticeEvent
         * @static
         * @param {string} [prefix] Custom type url prefix, defaults to `"type.googleapis.com"`
         * @returns {string} The type url
         */
        NoticeEvent.getTypeUrl = function(prefix) {
            if (prefix === $undefined)
                prefix = "type.googleapis.com";
            return prefix + "/rekindle.NoticeEvent";
        };

        /**
         * Kind enum.
         * @name rekindle.NoticeEvent.Kind
         * @enum {number}
         * @property {number} UNKNOWN=0 UNKNOWN value
         * @property {number} WIN=1 WIN value
         * @property {number} BILLING=2 BILLING value
         * @property {number} LOSS=3 LOSS value
         * @property {number} IMPRESSION=4 IMPRESSION value
         * @property {number} CLICK=5 CLICK value
         */
        NoticeEvent.Kind = (function() {
            const valuesById = $Object.create(null), values = $Object.create(valuesById);
            values[valuesById[0] = "UNKNOWN"] = 0;
            values[valuesById[1] = "WIN"] = 1;
            values[valuesById[2] = "BILLING"] = 2;
            values[valuesById[3] = "LOSS"] = 3;
            values[valuesById[4] = "IMPRESSION"] = 4;
            values[valuesById[5] = "CLICK"] = 5;
            return values;
        })();

        return NoticeEvent;
    })();

    rekindle.ShopEvent = (function() {

        /**
         * Properties of a ShopEvent.
         * @typedef {Object} rekindle.ShopEvent.$Properties
         * @property {rekindle.ShopEvent.Kind|null} [kind] ShopEvent kind
         * @property {string|null} [shop] ShopEvent shop
         * @property {string|null} [person] ShopEvent person
         * @property {Array.<string>|null} [items] ShopEvent items
         * @property {string|null} [orderId] ShopEvent orderId
         * @property {number|null} [status] ShopEvent status
         * @property {number|null} [revenueMicros] ShopEvent revenueMicros
         * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
         */

        /**
         * Properties of a ShopEvent.
         * @memberof rekindle
         * @interface IShopEvent
         * @augments rekindle.ShopEvent.$Properties
         * @deprecated Use rekindle.ShopEvent.$Properties instead.
         */

        /**
         * Shape of a ShopEvent.
         * @typedef {rekindle.ShopEvent.$Properties} rekindle.ShopEvent.$Shape
         */

        /**
         * Constructs a new ShopEvent.
         * @memberof rekindle
         * @classdesc Represents a ShopEvent.
         * @constructor
         * @param {rekindle.ShopEvent.$Properties=} [p] Properties to set
         * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
         */
        const ShopEvent = function (p) {
            this.items = [];
            if (p)
                for (var ks = $Object.keys(p), i = 0; i < ks.length; ++i)
                    if (p[ks[i]] != null && ks[i] !== "__proto__")
                        this[ks[i]] = p[ks[i]];
        };

        /**
         * ShopEvent kind.
         * @member {rekindle.ShopEvent.Kind} kind
         * @memberof rekindle.ShopEvent
         * @instance
         */
        ShopEvent.prototype.kind = 0;

        /**
         * ShopEvent shop.
         * @member {string} shop
         * @memberof rekindle.ShopEvent
         * @instance
         */
        ShopEvent.prototype.shop = "";

        /**
         * ShopEvent person.
         * @member {string} person
         * @memberof rekindle.ShopEvent
         * @instance
         */
        ShopEvent.prototype.person = "";

        /**
         * ShopEvent items.
         * @member {Array.<string>} items
         * @memberof rekindle.ShopEvent
         * @instance
         */
        ShopEvent.prototype.items = $util.emptyArray;

        /**
         * ShopEvent orderId.
         * @member {string} orderId
         * @memberof rekindle.ShopEvent
         * @instance
         */
        ShopEvent.prototype.orderId = "";

        /**
         * ShopEvent status.
         * @member {number} status
         * @memberof rekindle.ShopEvent
         * @instance
         */
        ShopEvent.prototype.status = 0;

        /**
         * ShopEvent revenueMicros.
         * @member {number} revenueMicros
         * @memberof rekindle.ShopEvent
         * @instance
         */
        ShopEvent.prototype.revenueMicros = 0;

        /**
         * Encodes the specified ShopEvent message. Does not implicitly {@link rekindle.ShopEvent.verify|verify} messages.
         * @function encode
         * @memberof rekindle.ShopEvent
         * @static
         * @param {rekindle.ShopEvent.$Properties} m ShopEvent message or plain object to encode
         * @param {$protobuf.Writer} [w] Writer to encode to
         * @returns {$protobuf.Writer} Writer
         */
        ShopEvent.encode = function (m, w, q) {
            if (!w)
                w = $Writer.create();
            if (q === $undefined)
                q = 0;
            if (q > $util.recursionLimit)
                throw $Error("max depth exceeded");
            if (m.kind != null && $Object.hasOwnProperty.call(m, "kind") && m.kind !== 0)
                w.uint32(/* id 1, wireType 0 =*/8).int32(m.kind);
            if (m.shop != null && $Object.hasOwnProperty.call(m, "shop") && m.shop !== "")
                w.uint32(/* id 2, wireType 2 =*/18).string(m.shop);
            if (m.person != null && $Object.hasOwnProperty.call(m, "person") && m.person !== "")
                w.uint32(/* id 3, wireType 2 =*/26).string(m.person);
            if (m.items != null && m.items.length) {
                for (var i = 0; i < m.items.length; ++i)
                    w.uint32(/* id 4, wireType 2 =*/34).string(m.items[i]);
            }
            if (m.orderId != null && $Object.hasOwnProperty.call(m, "orderId") && m.orderId !== "")
                w.uint32(/* id 5, wireType 2 =*/42).string(m.orderId);
            if (m.status != null && $Object.hasOwnProperty.call(m, "status") && m.status !== 0)
                w.uint32(/* id 6, wireType 0 =*/48).uint32(m.status);
            if (m.revenueMicros != null && $Object.hasOwnProperty.call(m, "revenueMicros") && !$Object.is(m.revenueMicros, 0))
                w.uint32(/* id 7, wireType 1 =*/57).double(m.revenueMicros);
            if (m.$unknowns != null && $Object.hasOwnProperty.call(m, "$unknowns"))
                for (var i = 0; i < m.$unknowns.length; ++i)
                    w.raw(m.$unknowns[i]);
            return w;
        };

        /**
         * Decodes a ShopEvent message from the specified reader or buffer.
         * @function decode
         * @memberof rekindle.ShopEvent
         * @static
         * @param {$protobuf.Reader|Uint8Array} r Reader or buffer to decode from
         * @param {number} [l] Message length if known beforehand
         * @returns {rekindle.ShopEvent & rekindle.ShopEvent.$Shape} ShopEvent
         * @throws {Error} If the payload is not a reader or valid buffer
         * @throws {$protobuf.util.ProtocolError} If required fields are missing
         */
        ShopEvent.decode = function (r, l, z, q, g) {
            if (!(r instanceof $Reader))
                r = $Reader.create(r);
            if (q === $undefined)
                q = 0;
            if (q > $Reader.recursionLimit)
                throw $Error("max depth exceeded");
            var c, m, v;
            if (l === $undefined)
                c = r.len;
            else {
                c = r.pos + l;
                if (c > r.len)
                    throw $RangeError("index out of range");
                l = r.len;
                r.len = c;
            }
            m = g || new $root.rekindle.ShopEvent();
            while (r.pos < c) {
                var s = r.pos;
                var t = r.tag();
                if (t === z) {
                    z = $undefined;
                    break;
                }
                var u = t & 7;
                switch (t >>>= 3) {
                case 1: {
                        if (u !== 0)
                            break;
                        if (v = r.int32())
                            m.kind = v;
                        else
                            delete m.kind;
                        continue;
                    }
                case 2: {
                        if (u !== 2)
                            break;
                        if ((v = r.stringVerify()).length)
                            m.shop = v;
                        else
                            delete m.shop;
                        continue;
                    }
                case 3: {
                        if (u !== 2)
                            break;
                        if ((v = r.stringVerify()).length)
                            m.person = v;
                        else
                            delete m.person;
                        continue;
                    }
                case 4: {
                        if (u !== 2)
                            break;
                        if (!(m.items && m.items.length))
                            m.items = [];
                        m.items.push(r.stringVerify());
                        continue;
                    }
                case 5: {
                        if (u !== 2)
                            break;
                        if ((v = r.stringVerify()).length)
                            m.orderId = v;
                        else
                            delete m.orderId;
                        continue;
                    }
                case 6: {
                        if (u !== 0)
                            break;
                        if (v = r.uint32())
                            m.status = v;
                        else
                            delete m.status;
                        continue;
                    }
                case 7: {
                        if (u !== 1)
                            break;
                        if (!$Object.is(v = r.double(), 0))
                            m.revenueMicros = v;
                        else
                            delete m.revenueMicros;
                        continue;
                    }
                }
                r.skipType(u, q, t);
                if (!r.discardUnknown) {
                    $util.makeProp(m, "$unknowns", false);
                    (m.$unknowns || (m.$unknowns = [])).push(r.raw(s, r.pos));
                }
            }
            if (l !== $undefined) {
                if (r.pos !== c)
                    throw $RangeError("index out of range");
                r.len = l;
            }
            if (z !== $undefined)
                throw $Error("missing end group");
            return m;
        };

        /**
         * Creates a ShopEvent message from a plain object. Also converts values to their respective internal types.
         * @function fromObject
         * @memberof rekindle.ShopEvent
         * @static
         * @param {Object.<string,*>} d Plain object
         * @returns {rekindle.ShopEvent} ShopEvent
         */
        ShopEvent.fromObject = function (d, q) {
            if (d instanceof $root.rekindle.ShopEvent)
                return d;
            if (!$util.isObject(d))
                throw $TypeError(".rekindle.ShopEvent: object expected");
            if (q === $undefined)
                q = 0;
            if (q > $util.recursionLimit)
                throw $Error("max depth exceeded");
            var m = new $root.rekindle.ShopEvent();
            if (d.kind !== 0 && (typeof d.kind !== "string" || $root.rekindle.ShopEvent.Kind[d.kind] !== 0)) {
                switch (d.kind) {
                case "UNKNOWN":
                case 0:
                    m.kind = 0;
                    break;
                case "VIEW":
                case 1:
                    m.kind = 1;
                    break;
                case "CART":
                case 2:
                    m.kind = 2;
                    break;
                case "ORDER":
                case 3:
                    m.kind = 3;
                    break;
                default:
                    if (typeof d.kind === "number" && (d.kind | 0) === d.kind)
                        m.kind = d.kind;
                }
            }
            if (d.shop != null) {
                if (typeof d.shop !== "string" || d.shop.length) {
                    m.shop = $String(d.shop);
                }
            }
            if (d.person != null) {
                if (typeof d.person !== "string" || d.person.length) {
                    m.person = $String(d.person);
                }
            }
            if (d.items) {
                if (!$Array.isArray(d.items))
                    throw $TypeError(".rekindle.ShopEvent.items: array expected");
                m.items = $Array(d.items.length);
                for (var i = 0; i < d.items.length; ++i) {
                    m.items[i] = $String(d.items[i]);
                }
            }
            if (d.orderId != null) {
                if (typeof d.orderId !== "string" || d.orderId.length) {
                    m.orderId = $String(d.orderId);
                }
            }
            if (d.status != null) {
                if ($Number(d.status) !== 0) {
                    m.status = d.status >>> 0;
                }
            }
            if (d.revenueMicros != null) {
                if (!$Object.is($Number(d.revenueMicros), 0)) {
                    m.revenueMicros = $Number(d.revenueMicros);
                }
            }
            return m;
        };

        /**
         * Creates a plain object from a ShopEvent message. Also converts values to other types if specified.
         * @function toObject
         * @memberof rekindle.ShopEvent
         * @static
         * @param {rekindle.ShopEvent} m ShopEvent
         * @param {$protobuf.IConversionOptions} [o] Conversion options
         * @returns {Object.<string,*>} Plain object
         */
        ShopEvent.toObject = function (m, o, q) {
            if (!o)
                o = {};
            if (q === $undefined)
                q = 0;
            if (q > $util.recursionLimit)
                throw $Error("max depth exceeded");
            var d = {};
            if (o.arrays || o.defaults) {
                d.items = [];
            }
            if (o.defaults) {
                d.kind = o.enums === $String ? "UNKNOWN" : 0;
                d.shop = "";
                d.person = "";
                d.orderId = "";
                d.status = 0;
                d.revenueMicros = 0;
            }
            if (m.kind != null && $Object.hasOwnProperty.call(m, "kind")) {
                d.kind = o.enums === $String ? $root.rekindle.ShopEvent.Kind[m.kind] === $undefined ? m.kind : $root.rekindle.ShopEvent.Kind[m.kind] : m.kind;
            }
            if (m.shop != null && $Object.hasOwnProperty.call(m, "shop")) {
                d.shop = m.shop;
            }
            if (m.person != null && $Object.hasOwnProperty.call(m, "person")) {
                d.person = m.person;
            }
            if (m.items && m.items.length) {
                d.items = $Array(m.items.length);
                for (var j = 0; j < m.items.length; ++j) {
                    d.items[j] = m.items[j];
                }
            }
            if (m.orderId != null && $Object.hasOwnProperty.call(m, "orderId")) {
                d.orderId = m.orderId;
            }
            if (m.status != null && $Object.hasOwnProperty.call(m, "status")) {
                d.status = m.status;
            }
            if (m.revenueMicros != null && $Object.hasOwnProperty.call(m, "revenueMicros")) {
                d.revenueMicros = o.json && !$isFinite(m.revenueMicros) ? $String(m.revenueMicros) : m.revenueMicros;
            }
            return d;
        };

        /**
         * Converts this ShopEvent to JSON.
         * @function toJSON
         * @memberof rekindle.ShopEvent
         * @instance
         * @returns {Object.<string,*>} JSON object
         */
        ShopEvent.prototype.toJSON = function() {
            return ShopEvent.toObject(this, $protobuf.util.toJSONOptions);
        };

        /**
         * Gets the type url for ShopEvent
         * @function getTypeUrl
         * @memberof rekindle.ShopEvent
         * @static
         * @param {string} [prefix] Custom type url prefix, defaults to `"type.googleapis.com"`
         * @returns {string} The type url
         */
        ShopEvent.getTypeUrl = function(prefix) {
            if (prefix === $undefined)
                prefix = "type.googleapis.com";
            return prefix + "/rekindle.ShopEvent";
        };

        /**
         * Kind enum.
         * @name rekindle.ShopEvent.Kind
         * @enum {number}
         * @property {number} UNKNOWN=0 UNKNOWN value
         * @property {number} VIEW=1 VIEW value
         * @property {number} CART=2 CART value
         * @property {number} ORDER=3 ORDER value
         */
        ShopEvent.Kind = (function() {
            const valuesById = $Object.create(null), values = $Object.create(valuesById);
            values[valuesById[0] = "UNKNOWN"] = 0;
            values[valuesById[1] = "VIEW"] = 1;
            values[valuesById[2] = "CART"] = 2;
            values[valuesById[3] = "ORDER"] = 3;
            return values;
        })();

        return ShopEvent;
    })();

    rekindle.SyncEvent = (function() {

        /**
         * Properties of a SyncEvent.
         * @typedef {Object} rekindle.SyncEvent.$Properties
         * @property {string|null} [cookie] SyncEvent cookie
         * @property {string|null} [exchange] SyncEvent exchange
         * @property {string|null} [theirs] SyncEvent theirs
         * @property {Array.<string>|null} [shops] SyncEvent shops
         * @property {number|null} [endsAtMs] SyncEvent endsAtMs
         * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
         */

        /**
         * Properties of a SyncEvent.
         * @memberof rekindle
         * @interface ISyncEvent
         * @augments rekindle.SyncEvent.$Properties
         * @deprecated Use rekindle.SyncEvent.$Properties instead.
         */

        /**
         * Shape of a SyncEvent.
         * @typedef {rekindle.SyncEvent.$Properties} rekindle.SyncEvent.$Shape
         */

        /**
         * Constructs a new SyncEvent.
         * @memberof rekindle
         * @classdesc Represents a SyncEvent.
         * @constructor
         * @param {rekindle.SyncEvent.$Properties=} [p] Properties to set
         * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
         */
        const SyncEvent = function (p) {
            this.shops = [];
            if (p)
                for (var ks = $Object.keys(p), i = 0; i < ks.length; ++i)
                    if (p[ks[i]] != null && ks[i] !== "__proto__")
                        this[ks[i]] = p[ks[i]];
        };

        /**
         * SyncEvent cookie.
         * @member {string} cookie
         * @memberof rekindle.SyncEvent
         * @instance
         */
        SyncEvent.prototype.cookie = "";

        /**
         * SyncEvent exchange.
         * @member {string} exchange
         * @memberof rekindle.SyncEvent
         * @instance
         */
        SyncEvent.prototype.exchange = "";

        /**
         * SyncEvent theirs.
         * @member {string} theirs
         * @memberof rekindle.SyncEvent
         * @instance
         */
        SyncEvent.prototype.theirs = "";

        /**
         * SyncEvent shops.
         * @member {Array.<string>} shops
         * @memberof rekindle.SyncEvent
         * @instance
         */
        SyncEvent.prototype.shops = $util.emptyArray;

        /**
         * SyncEvent endsAtMs.
         * @member {number} endsAtMs
         * @memberof rekindle.SyncEvent
         * @instance
         */
        SyncEvent.prototype.endsAtMs = 0;

        /**
         * Encodes the specified SyncEvent message. Does not implicitly {@link rekindle.SyncEvent.verify|verify} messages.
         * @function encode
         * @memberof rekindle.SyncEvent
         * @static
         * @param {rekindle.SyncEvent.$Properties} m SyncEvent message or plain object to encode
         * @param {$protobuf.Writer} [w] Writer to encode to
         * @returns {$protobuf.Writer} Writer
         */
        SyncEvent.encode = function (m, w, q) {
            if (!w)
                w = $Writer.create();
            if (q === $undefined)
                q = 0;
            if (q > $util.recursionLimit)
                throw $Error("max depth exceeded");
            if (m.cookie != null && $Object.hasOwnProperty.call(m, "cookie") && m.cookie !== "")
                w.uint32(/* id 1, wireType 2 =*/10).string(m.cookie);
            if (m.exchange != null && $Object.hasOwnProperty.call(m, "exchange") && m.exchange !== "")
                w.uint32(/* id 2, wireType 2 =*/18).string(m.exchange);
            if (m.theirs != null && $Object.hasOwnProperty.call(m, "theirs") && m.theirs !== "")
                w.uint32(/* id 3, wireType 2 =*/26).string(m.theirs);
            if (m.shops != null && m.shops.length) {
                for (var i = 0; i < m.shops.length; ++i)
                    w.uint32(/* id 4, wireType 2 =*/34).string(m.shops[i]);
            }
            if (m.endsAtMs != null && $Object.hasOwnProperty.call(m, "endsAtMs") && !$Object.is(m.endsAtMs, 0))
                w.uint32(/* id 5, wireType 1 =*/41).double(m.endsAtMs);
            if (m.$unknowns != null && $Object.hasOwnProperty.call(m, "$unknowns"))
                for (var i = 0; i < m.$unknowns.length; ++i)
                    w.raw(m.$unknowns[i]);
            return w;
        };

        /**
         * Decodes a SyncEvent message from the specified reader or buffer.
         * @function decode
         * @memberof rekindle.SyncEvent
         * @static
         * @param {$protobuf.Reader|Uint8Array} r Reader or buffer to decode from
         * @param {number} [l] Message length if known beforehand
         * @returns {rekindle.SyncEvent & rekindle.SyncEvent.$Shape} SyncEvent
         * @throws {Error} If the payload is not a reader or valid buffer
         * @throws {$protobuf.util.ProtocolError} If required fields are missing
         */
        SyncEvent.decode = function (r, l, z, q, g) {
            if (!(r instanceof $Reader))
                r = $Reader.create(r);
            if (q === $undefined)
                q = 0;
            if (q > $Reader.recursionLimit)
                throw $Error("max depth exceeded");
            var c, m, v;
            if (l === $undefined)
                c = r.len;
            else {
                c = r.pos + l;
                if (c > r.len)
                    throw $RangeError("index out of range");
                l = r.len;
                r.len = c;
            }
            m = g || new $root.rekindle.SyncEvent();
            while (r.pos < c) {
                var s = r.pos;
                var t = r.tag();
                if (t === z) {
                    z = $undefined;
                    break;
                }
                var u = t & 7;
                switch (t >>>= 3) {
                case 1: {
                        if (u !== 2)
                            break;
                        if ((v = r.stringVerify()).length)
                            m.cookie = v;
                        else
                            delete m.cookie;
                        continue;
                    }
                case 2: {
                        if (u !== 2)
                            break;
                        if ((v = r.stringVerify()).length)
                            m.exchange = v;
                        else
                            delete m.exchange;
                        continue;
                    }
                case 3: {
                        if (u !== 2)
                            break;
                        if ((v = r.stringVerify()).length)
                            m.theirs = v;
                        else
                            delete m.theirs;
                        continue;
                    }
                case 4: {
                        if (u !== 2)
                            break;
                        if (!(m.shops && m.shops.length))
                            m.shops = [];
                        m.shops.push(r.stringVerify());
                        continue;
                    }
                case 5: {
                        if (u !== 1)
                            break;
                        if (!$Object.is(v = r.double(), 0))
                            m.endsAtMs = v;
                        else
                            delete m.endsAtMs;
                        continue;
                    }
                }
                r.skipType(u, q, t);
                if (!r.discardUnknown) {
                    $util.makeProp(m, "$unknowns", false);
                    (m.$unknowns || (m.$unknowns = [])).push(r.raw(s, r.pos));
                }
            }
            if (l !== $undefined) {
                if (r.pos !== c)
                    throw $RangeError("index out of range");
                r.len = l;
            }
            if (z !== $undefined)
                throw $Error("missing end group");
            return m;
        };

        /**
         * Creates a SyncEvent message from a plain object. Also converts values to their respective internal types.
         * @function fromObject
         * @memberof rekindle.SyncEvent
         * @static
         * @param {Object.<string,*>} d Plain object
         * @returns {rekindle.SyncEvent} SyncEvent
         */
        SyncEvent.fromObject = function (d, q) {
            if (d instanceof $root.rekindle.SyncEvent)
                return d;
            if (!$util.isObject(d))
                throw $TypeError(".rekindle.SyncEvent: object expected");
            if (q === $undefined)
                q = 0;
            if (q > $util.recursionLimit)
                throw $Error("max depth exceeded");
            var m = new $root.rekindle.SyncEvent();
            if (d.cookie != null) {
                if (typeof d.cookie !== "string" || d.cookie.length) {
                    m.cookie = $String(d.cookie);
                }
            }
            if (d.exchange != null) {
                if (typeof d.exchange !== "string" || d.exchange.length) {
                    m.exchange = $String(d.exchange);
                }
            }
            if (d.theirs != null) {
                if (typeof d.theirs !== "string" || d.theirs.length) {
                    m.theirs = $String(d.theirs);
                }
            }
            if (d.shops) {
                if (!$Array.isArray(d.shops))
                    throw $TypeError(".rekindle.SyncEvent.shops: array expected");
                m.shops = $Array(d.shops.length);
                for (var i = 0; i < d.shops.length; ++i) {
                    m.shops[i] = $String(d.shops[i]);
                }
            }
            if (d.endsAtMs != null) {
                if (!$Object.is($Number(d.endsAtMs), 0)) {
                    m.endsAtMs = $Number(d.endsAtMs);
                }
            }
            return m;
        };

        /**
         * Creates a plain object from a SyncEvent message. Also converts values to other types if specified.
         * @function toObject
         * @memberof rekindle.SyncEvent
         * @static
         * @param {rekindle.SyncEvent} m SyncEvent
         * @param {$protobuf.IConversionOptions} [o] Conversion options
         * @returns {Object.<string,*>} Plain object
         */
        SyncEvent.toObject = function (m, o, q) {
            if (!o)
                o = {};
            if (q === $undefined)
                q = 0;
            if (q > $util.recursionLimit)
                throw $Error("max depth exceeded");
            var d = {};
            if (o.arrays || o.defaults) {
                d.shops = [];
            }
            if (o.defaults) {
                d.cookie = "";
                d.exchange = "";
                d.theirs = "";
                d.endsAtMs = 0;
            }
            if (m.cookie != null && $Object.hasOwnProperty.call(m, "cookie")) {
                d.cookie = m.cookie;
            }
            if (m.exchange != null && $Object.hasOwnProperty.call(m, "exchange")) {
                d.exchange = m.exchange;
            }
            if (m.theirs != null && $Object.hasOwnProperty.call(m, "theirs")) {
                d.theirs = m.theirs;
            }
            if (m.shops && m.shops.length) {
                d.shops = $Array(m.shops.length);
                for (var j = 0; j < m.shops.length; ++j) {
                    d.shops[j] = m.shops[j];
                }
            }
            if (m.endsAtMs != null && $Object.hasOwnProperty.call(m, "endsAtMs")) {
                d.endsAtMs = o.json && !$isFinite(m.endsAtMs) ? $String(m.endsAtMs) : m.endsAtMs;
            }
            return d;
        };

        /**
         * Converts this SyncEvent to JSON.
         * @function toJSON
         * @memberof rekindle.SyncEvent
         * @instance
         * @returns {Object.<string,*>} JSON object
         */
        SyncEvent.prototype.toJSON = function() {
            return SyncEvent.toObject(this, $protobuf.util.toJSONOptions);
        };

        /**
         * Gets the type url for SyncEvent
         * @function getTypeUrl
         * @memberof rekindle.SyncEvent
         * @static
         * @param {string} [prefix] Custom type url prefix, defaults to `"type.googleapis.com"`
         * @returns {string} The type url
         */
        SyncEvent.getTypeUrl = function(prefix) {
            if (prefix === $undefined)
                prefix = "type.googleapis.com";
            return prefix + "/rekindle.SyncEvent";
        };

        return SyncEvent;
    })();

    return rekindle;
})();

export {
  $root as default
};
