using System.Buffers.Text;
using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using System.Text;
using FunctionsAuth.Protocol.Storage;

namespace FunctionsAuth.Protocol.Registry;

/// <summary>
/// How many more clients may be registered: with one initial access token (RFC 7591 §3), or, in open mode, in one hour
/// without one: by one source, or by a share of all.
/// </summary>
public sealed record InitialAccess
{
    public required RecordAddress Address { get; init; }

    /// <summary>SHA-256 of the token's secret; null for an hour of open mode.</summary>
    public byte[]? SecretHash { get; init; }

    /// <summary>For whom the operator made it.</summary>
    public string Label { get; init; } = "";

    public required int Limit { get; init; }

    public int Used { get; init; }

    public required DateTimeOffset ExpiresAt { get; init; }

    /// <summary>What the store compares on a write; empty for a record that is not stored yet.</summary>
    public string Version { get; init; } = "";

    public bool IsToken => SecretHash is not null;

    public bool IsUsedUp => Used >= Limit;

    /// <summary>The hour of open mode that <paramref name="now"/> is in, when nobody has registered in it yet.</summary>
    /// <param name="whose">Whose registrations it counts, such as one source's.</param>
    public static InitialAccess Hour(DateTimeOffset now, string whose, int limit) => new()
    {
        Address = RecordAddress.Of(SHA256.HashData(Encoding.UTF8.GetBytes($"registrations without a token {whose}")), now),
        Limit = limit,
        ExpiresAt = new DateTimeOffset(now.UtcDateTime.Date.AddHours(now.UtcDateTime.Hour + 1), TimeSpan.Zero),
    };
}

/// <summary>An initial access token as an operator hands it out: <c>base64url(address || secret)</c>, 68 characters.</summary>
public sealed record InitialAccessToken(RecordAddress Address, byte[] Secret)
{
    private const int Length = RecordAddress.Length + Handle.SecretLength;

    public static InitialAccessToken New(DateTimeOffset expiresAt) => new(RecordAddress.New(expiresAt), Handle.NewSecret());

    public static bool TryParse(string text, [NotNullWhen(true)] out InitialAccessToken? token)
    {
        token = StrictBase64Url.TryDecode(text, Length, out var bytes)
            ? new InitialAccessToken(RecordAddress.FromBytes(bytes.AsSpan(0, RecordAddress.Length)), bytes[RecordAddress.Length..])
            : null;
        return token is not null;
    }

    /// <summary>The token itself. It is a credential: never log it.</summary>
    public string Encode() => Base64Url.EncodeToString([.. Address.Bytes, .. Secret]);

    /// <summary>Without its secret.</summary>
    public override string ToString() => $"{nameof(InitialAccessToken)} {Address}";
}

public interface IInitialAccessStore
{
    Task<InitialAccess?> FindAsync(RecordAddress address, CancellationToken cancellation);

    /// <summary>Inserts the record if it is new and nobody did so before, or replaces it if it still is as it was read.</summary>
    Task<WriteResult<InitialAccess>> TrySaveAsync(InitialAccess access, CancellationToken cancellation);

    /// <summary>Deletes the record; one that is gone already is no error.</summary>
    Task DeleteAsync(RecordAddress address, CancellationToken cancellation);

    /// <summary>The tokens that were made, in the order of their ends. Those of earlier releases are not among them.</summary>
    Task<ListPage<InitialAccess>> ListAsync(ListRequest request, CancellationToken cancellation);

    /// <summary>All tokens that were made and are not pruned yet, in no order. It reads the whole table, so it is for an operator's commands only.</summary>
    IAsyncEnumerable<InitialAccess> ListTokensAsync(CancellationToken cancellation);
}
