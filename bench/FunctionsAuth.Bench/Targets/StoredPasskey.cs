using System.Security.Cryptography;
using FunctionsAuth.Protocol.Credentials;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace FunctionsAuth.Bench.Targets;

/// <summary>A passkey with its private key, which the load needs to answer challenges.</summary>
internal sealed record StoredPasskey(byte[] Id, byte[] UserHandle, byte[] PrivateKey)
{
    public const string Path = "/bench/passkey";

    private const string Subject = "alice";
    private const string RelyingPartyId = "localhost";

    /// <summary>Gives the user a passkey, as if an authenticator had just made it.</summary>
    public static void MapPasskey(WebApplication app) => app.MapGet(Path, async context =>
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var made = new StoredPasskey(RandomNumberGenerator.GetBytes(32), RandomNumberGenerator.GetBytes(32), key.ExportPkcs8PrivateKey());
        var store = app.Services.GetRequiredService<IPasskeyStore>();
        await store.TryTakeIdAsync(made.Id, Subject, context.RequestAborted);
        await store.TrySaveAsync(made.ToPasskey(key.ExportParameters(includePrivateParameters: false).Q), context.RequestAborted);
        var holder = new PasskeyHolder { Subject = Subject, UserHandle = made.UserHandle, Secret = RandomNumberGenerator.GetBytes(32), Keys = [Passkey.KeyOf(made.Id)] };
        await store.TrySaveHolderAsync(holder, context.RequestAborted);
        await context.Response.WriteAsJsonAsync(made);
    });

    private Passkey ToPasskey(ECPoint point) => new()
    {
        Subject = Subject,
        Id = Id,
        // COSE (RFC 9053 §7.1): a map with kty EC2, alg ES256, crv P-256, x and y.
        PublicKey = [0xA5, 0x01, 0x02, 0x03, 0x26, 0x20, 0x01, 0x21, 0x58, 0x20, .. point.X!, 0x22, 0x58, 0x20, .. point.Y!],
        SignCount = 0,
        IsSynced = true,
        Name = "of the benchmark",
        AddedAt = DateTimeOffset.UtcNow,
        RelyingPartyId = RelyingPartyId,
    };
}
