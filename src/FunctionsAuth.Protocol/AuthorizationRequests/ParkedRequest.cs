using FunctionsAuth.Protocol.Storage;
using FunctionsAuth.Protocol.Users;

namespace FunctionsAuth.Protocol.AuthorizationRequests;

/// <summary>
/// An authorization request that is stored while its user signs in and consents. It is stored as it was sent, and bound to the browser by a cookie.
/// The pages carry only its address, so its content cannot be changed.
/// </summary>
public sealed record ParkedRequest
{
    public required RecordAddress Address { get; init; }

    /// <summary>
    /// SHA-256 of the secret in the browser cookie. Null for a request that was sent without our cookies, such as a form posted by another site. The
    /// first browser that follows the redirect is then bound to it.
    /// </summary>
    public byte[]? BrowserHash { get; init; }

    /// <summary>The parameters, form-encoded.</summary>
    public required string Encoded { get; init; }

    public required DateTimeOffset ExpiresAt { get; init; }

    /// <summary>The session that began with a login for this request. It satisfies <c>prompt=login</c> and <c>max_age</c>.</summary>
    public RecordAddress? SignedInAs { get; init; }

    /// <summary>The user who gave a right password for this request but still needs a second factor. This is not a session.</summary>
    public HalfLogin? HalfLogin { get; init; }

    /// <summary>The session whose account the user chose for this request. It satisfies only <c>prompt=select_account</c>.</summary>
    public RecordAddress? ChosenAs { get; init; }

    /// <summary>
    /// The secret from which the challenge for a passkey is made. It never leaves the server. Each answer, right or wrong, replaces it, so that no
    /// challenge is answered twice. Null for a request that an earlier release stored: such a request offers no passkey.
    /// </summary>
    public byte[]? PasskeySecret { get; init; }

    /// <summary>The code that was mailed for this request and is not used yet.</summary>
    public EmailCode? EmailCode { get; init; }

    /// <summary>The address of the pushed request; null if the request was not pushed.</summary>
    public RecordAddress? Pushed { get; init; }

    /// <summary>
    /// The time of the first answer. An answered request is written and not deleted. If the answer of storage was lost, the caller can still find out
    /// that its own write succeeded.
    /// </summary>
    public DateTimeOffset? CompletedAt { get; init; }

    /// <summary>What the store compares on a write; empty for a record that is not stored yet.</summary>
    public string Version { get; init; } = "";
}

/// <summary>A login in which only the password is proven so far.</summary>
/// <param name="Remember">"Keep me signed in".</param>
public sealed record HalfLogin(string Subject, Proof Proof, bool Remember)
{
    /// <summary>The time in which the user can enter the code.</summary>
    public static readonly TimeSpan Life = TimeSpan.FromMinutes(10);

    public bool IsLive(DateTimeOffset now) => now < Proof.At + Life;
}

/// <summary>A code that was sent by mail.</summary>
/// <param name="Sealed">The code, sealed by <see cref="ISecretSeal"/> for the user and the request.</param>
/// <param name="Tries">The number of wrong codes since.</param>
public sealed record EmailCode(byte[] Sealed, DateTimeOffset SentAt, int Tries);

/// <summary>The parked requests. Pushed requests are stored separately.</summary>
public interface IRequestStore
{
    Task InsertAsync(ParkedRequest request, CancellationToken cancellation);
    Task<ParkedRequest?> FindAsync(RecordAddress address, CancellationToken cancellation);

    /// <summary>Replaces the request if it has not changed since it was read.</summary>
    Task<WriteResult<ParkedRequest>> TryReplaceAsync(ParkedRequest request, CancellationToken cancellation);
}
