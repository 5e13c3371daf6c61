namespace FunctionsAuth.Protocol.Configuration;

/// <summary>Proof of possession (RFC 9449). It is always on: a client that sends a proof gets a token that is bound to its key.</summary>
public sealed record DpopOptions
{
    /// <summary>
    /// Each DPoP proof must have a nonce of this server (RFC 9449, section 8), so that nobody can make proofs in advance. A client learns the nonce from
    /// an error, and later from each answer.
    /// </summary>
    public bool RequireNonce { get; init; }
}
