using FunctionsAuth.Protocol.Storage;
using FunctionsAuth.Protocol.Users;

namespace FunctionsAuth.Protocol.AuthorizationRequests;

/// <summary>
/// An authorization request that waits while its user signs in and consents. It is stored as it came and bound to the
/// browser by a cookie; the pages carry only its address, so nothing in it can be changed on the way.
/// </summary>
public sealed record ParkedRequest
{
    public required RecordAddress Address { get; init; }

    /// <summary>
    /// SHA-256 of the browser cookie's secret. Null for a request that came without our cookies, as a form posted by another
    /// site does: the first browser that follows the redirect claims it.
    /// </summary>
    public byte[]? BrowserHash { get; init; }

    /// <summary>The parameters, form-encoded.</summary>
    public required string Encoded { get; init; }

    public required DateTimeOffset ExpiresAt { get; init; }

    /// <summary>The session that began by signing in for this very request: it satisfies <c>prompt=login</c> and <c>max_age</c>.</summary>
    public RecordAddress? SignedInAs { get; init; }

    /// <summary>Who gave a right password for this request and has a second factor to show yet. It is no session.</summary>
    public HalfLogin? HalfLogin { get; init; }

    /// <summary>The session whose account the person chose for this very request: it satisfies <c>prompt=select_account</c>, and nothing else.</summary>
    public RecordAddress? ChosenAs { get; init; }

    /// <summary>
    /// What the challenge for a passkey is made of; it never leaves the server. Each answer, right or wrong, puts another one in its place, so
    /// that no challenge is answered twice. Null for a request that an earlier release parked: nobody is asked for a passkey then.
    /// </summary>
    public byte[]? PasskeySecret { get; init; }

    /// <summary>The code that went out by mail for this request, and was not used yet.</summary>
    public EmailCode? EmailCode { get; init; }

    /// <summary>Where it was pushed, if it was.</summary>
    public RecordAddress? Pushed { get; init; }

    /// <summary>
    /// When it was answered first. It is written and not deleted, as a write can tell afterwards that it won when its answer
    /// got lost.
    /// </summary>
    public DateTimeOffset? CompletedAt { get; init; }

    /// <summary>What the store compares on a write; empty for a record that is not stored yet.</summary>
    public string Version { get; init; } = "";
}

/// <summary>A login of which only the password is proven.</summary>
/// <param name="Remember">"Keep me signed in".</param>
public sealed record HalfLogin(string Subject, Proof Proof, bool Remember)
{
    /// <summary>So long the person may take to find the code.</summary>
    public static readonly TimeSpan Life = TimeSpan.FromMinutes(10);

    public bool IsLive(DateTimeOffset now) => now < Proof.At + Life;
}

/// <summary>A code that went out by mail.</summary>
/// <param name="Sealed">As <see cref="ISecretSeal"/> wrote it, for the person and the request.</param>
/// <param name="Tries">How many wrong codes came since.</param>
public sealed record EmailCode(byte[] Sealed, DateTimeOffset SentAt, int Tries);

/// <summary>The parked requests. A pushed one is never found here.</summary>
public interface IRequestStore
{
    Task InsertAsync(ParkedRequest request, CancellationToken cancellation);
    Task<ParkedRequest?> FindAsync(RecordAddress address, CancellationToken cancellation);

    /// <summary>Writes the request if it still is as it was read.</summary>
    Task<WriteResult<ParkedRequest>> TryReplaceAsync(ParkedRequest request, CancellationToken cancellation);
}
