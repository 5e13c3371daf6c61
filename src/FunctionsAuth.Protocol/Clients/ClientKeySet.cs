using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using FunctionsAuth.Protocol.Fetch;
using FunctionsAuth.Protocol.Json;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace FunctionsAuth.Protocol.Clients;

/// <summary>
/// The public keys of a JWK set (RFC 7517 §5) that can verify signatures with algorithms of this server. Strangers write such sets, so the number of
/// keys is limited. Malformed and unsupported keys are dropped when the set is read, not when a signature is verified.
/// </summary>
public sealed class ClientKeySet
{
    /// <summary>More keys than this are refused.</summary>
    public const int MostKeys = 20;

    /// <summary>RFC 7518 §3.3 asks for 2048 bits at least. Above 8192 a verification takes too long.</summary>
    private const int LeastRsaBits = 2048;
    private const int MostRsaBits = 8192;

    /// <summary>Bytes. A longer exponent makes verification as slow as signing.</summary>
    private const int LongestExponent = 4;

    private const int BytesOfKey = 1_000;

    private readonly IReadOnlyList<JsonWebKey> keys;

    private ClientKeySet(IReadOnlyList<JsonWebKey> keys) => this.keys = keys;

    public static ClientKeySet Empty { get; } = new([]);

    public int Count => keys.Count;

    /// <summary>The approximate memory size of the set, in bytes.</summary>
    internal long Size => keys.Sum(key => BytesOfKey + (2L * ((key.Kid?.Length ?? 0) + (key.N?.Length ?? 0))));

    /// <param name="jwks">The set as its owner wrote it.</param>
    /// <param name="mayBeLonger">For a set that was stored before the limit existed: only the first 20 keys are used.</param>
    /// <exception cref="FetchException">It is not a JWK set, or it has more than <see cref="MostKeys"/> keys.</exception>
    public static ClientKeySet Parse(ReadOnlyMemory<byte> jwks, bool mayBeLonger = false)
    {
        try
        {
            if (StrictJson.Parse(jwks) is not { ValueKind: JsonValueKind.Object } set || !set.TryGetProperty("keys", out var keys) || keys.ValueKind != JsonValueKind.Array)
                throw new FetchException("The document is not a JWK set");
            if (keys.GetArrayLength() > MostKeys && !mayBeLonger)
                throw new FetchException($"The JWK set has more than {MostKeys} keys");
            return new ClientKeySet([.. keys.EnumerateArray().Select(TryRead).OfType<JsonWebKey>().Take(MostKeys)]);
        }
        catch (JsonException e)
        {
            throw new FetchException("The document is not a JWK set", e);
        }
    }

    /// <inheritdoc cref="Parse(ReadOnlyMemory{byte}, bool)"/>
    public static ClientKeySet Parse(string jwks, bool mayBeLonger = false) => Parse(Encoding.UTF8.GetBytes(jwks), mayBeLonger);

    public bool Has(string kid) => keys.Any(key => key.Kid == kid);

    /// <summary>One of the keys is the key of the certificate.</summary>
    internal bool Has(CertificateKey key) => keys.Any(known => (known.Kty == JsonWebAlgorithmsKeyTypes.RSA) == key.IsRsa
        && (key.IsRsa ? IsSame(known.N, key.First) && IsSame(known.E, key.Second) : IsSame(known.X, key.First) && IsSame(known.Y, key.Second)));

    /// <summary>
    /// The keys that may have made the signature. They have the <c>kid</c> of the token (or none, if the set has no key with that name), and the
    /// type, use and algorithm of its <c>alg</c> (RFC 7517 §4). Several keys can have the same name (§4.5).
    /// </summary>
    internal IReadOnlyList<SecurityKey> CandidatesFor(JsonWebToken token)
    {
        var kid = string.IsNullOrEmpty(token.Kid) ? null : token.Kid;
        var isNamed = kid is not null && Has(kid);
        var type = token.Alg == SigningAlgorithms.ES256 ? JsonWebAlgorithmsKeyTypes.EllipticCurve : JsonWebAlgorithmsKeyTypes.RSA;
        return [.. keys.Where(key =>
            (kid is null || (isNamed ? key.Kid == kid : string.IsNullOrEmpty(key.Kid)))
            && key.Kty == type
            && (key.Alg is null || key.Alg == token.Alg))];
    }

    /// <summary>RFC 7517 §5: keys that are not understood, incomplete or out of range are left out. Symmetric keys must not be in a public document.</summary>
    private static JsonWebKey? TryRead(JsonElement json)
    {
        if (json.ValueKind != JsonValueKind.Object || json.TextOf("use") is not (null or "sig") || !MayVerify(json))
            return null;
        var key = new JsonWebKey { Kty = json.TextOf("kty"), Kid = json.TextOf("kid"), Alg = json.TextOf("alg") };
        return key.Kty switch
        {
            JsonWebAlgorithmsKeyTypes.RSA when IsUsableRsa(json.TextOf("n"), json.TextOf("e")) => With(key, rsa => (rsa.N, rsa.E) = (json.TextOf("n"), json.TextOf("e"))),
            JsonWebAlgorithmsKeyTypes.EllipticCurve when json.TextOf("crv") == JsonWebKeyECTypes.P256 && IsPoint(json.TextOf("x"), json.TextOf("y")) =>
                With(key, ec => (ec.Crv, ec.X, ec.Y) = (JsonWebKeyECTypes.P256, json.TextOf("x"), json.TextOf("y"))),
            _ => null,
        };
    }

    /// <summary>§4.3: a key with <c>key_ops</c> is for these operations only.</summary>
    private static bool MayVerify(JsonElement json) =>
        !json.TryGetProperty("key_ops", out var operations)
        || (operations.ValueKind == JsonValueKind.Array && operations.EnumerateArray().Any(operation => operation.ValueKind == JsonValueKind.String && operation.ValueEquals("verify")));

    private static bool IsUsableRsa(string? modulus, string? exponent)
    {
        if (Bytes(modulus) is not { Length: > 0 and <= (MostRsaBits / 8) + 1 } n || Bytes(exponent) is not { Length: > 0 } e)
            return false;
        // Some writers put a zero byte first.
        var number = n.AsSpan().TrimStart((byte)0);
        var power = e.AsSpan().TrimStart((byte)0);
        return number.Length is >= LeastRsaBits / 8 and <= MostRsaBits / 8 && power.Length is > 0 and <= LongestExponent
            && (number[^1] & 1) == 1 && (power[^1] & 1) == 1 && !power.SequenceEqual<byte>([1]);
    }

    private static bool IsPoint(string? x, string? y)
    {
        if (Bytes(x) is not { Length: 32 } left || Bytes(y) is not { Length: 32 } right)
            return false;
        try
        {
            // It is refused where the point is not on the curve.
            using var ec = ECDsa.Create(new ECParameters { Curve = ECCurve.NamedCurves.nistP256, Q = new ECPoint { X = left, Y = right } });
            return true;
        }
        catch (CryptographicException)
        {
            return false;
        }
    }

    /// <summary>As numbers: some writers put a zero byte first.</summary>
    private static bool IsSame(string text, byte[] number) => Base64Url.DecodeFromChars(text).AsSpan().TrimStart((byte)0).SequenceEqual(number.AsSpan().TrimStart((byte)0));

    private static byte[]? Bytes(string? text) => text is not null && Base64Url.IsValid(text) ? Base64Url.DecodeFromChars(text) : null;

    private static JsonWebKey With(JsonWebKey key, Action<JsonWebKey> set)
    {
        set(key);
        return key;
    }
}
