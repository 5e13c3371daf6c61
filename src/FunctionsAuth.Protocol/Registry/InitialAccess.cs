using System.Buffers.Text;
using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using System.Text;
using FunctionsAuth.Protocol.Storage;

namespace FunctionsAuth.Protocol.Registry;

/// <summary>
/// How many more clients can be registered: with one initial access token (RFC 7591 §3), or in open mode without a token within one hour, by one
/// source or in total.
/// </summary>
public sealed record InitialAccess
{
    public required RecordAddress Address { get; init; }

    /// <summary>SHA-256 of the token's secret; null for an hour of open mode.</summary>
    public byte[]? SecretHash { get; init; }

    /// <summary>The operator's note on the purpose of the token.</summary>
    public string Label { get; init; } = "";

    public required int Limit { get; init; }

    public int Used { get; init; }

    public required DateTimeOffset ExpiresAt { get; init; }

    /// <summary>What the store compares on a write; empty for a record that is not stored yet.</summary>
    public string Version { get; init; } = "";

    public bool IsToken => SecretHash is not null;

    public bool IsUsedUp => Used >= Limit;

    /// <summary>The record for the hour of <paramref name="now"/> in open mode, before the first registration in that hour.</summary>
    /// <param name="whose">Whose registrations it counts, such as those of one source.</param>
    public static InitialAccess Hour(DateTimeOffset now, string whose, int limit) => new()
    {
        Address = RecordAddress.Of(SHA256.HashData(Encoding.UTF8.GetBytes($"registrations without a token {whose}")), now),
        Limit = limit,
        ExpiresAt = new DateTimeOffset(now.UtcDateTime.Date.AddHours(now.UtcDateTime.Hour + 1), TimeSpan.Zero),
    };
}

/// <summary>The text of an initial access token: <c>base64url(address || secret)</c>, 68 characters.</summary>
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

    /// <summary>The text has no secret.</summary>
    public override string ToString() => $"{nameof(InitialAccessToken)} {Address}";
}

public interface IInitialAccessStore
{
    Task<InitialAccess?> FindAsync(RecordAddress address, CancellationToken cancellation);

    /// <summary>Inserts the record if it is new. Otherwise replaces it if it has not changed since it was read.</summary>
    Task<WriteResult<InitialAccess>> TrySaveAsync(InitialAccess access, CancellationToken cancellation);

    /// <summary>Deletes the record. It is no error if it no longer exists.</summary>
    Task DeleteAsync(RecordAddress address, CancellationToken cancellation);

    /// <summary>The tokens in the order of their expiry. Tokens of earlier releases are not included.</summary>
    Task<ListPage<InitialAccess>> ListAsync(ListRequest request, CancellationToken cancellation);

    /// <summary>All tokens that are not pruned yet, in no particular order. It reads the whole table, so use it only for commands of an operator.</summary>
    IAsyncEnumerable<InitialAccess> ListTokensAsync(CancellationToken cancellation);
}
