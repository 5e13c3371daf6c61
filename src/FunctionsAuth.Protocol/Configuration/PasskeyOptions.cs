namespace FunctionsAuth.Protocol.Configuration;

/// <summary>Signing in with passkeys (WebAuthn Level 3).</summary>
public sealed record PasskeyOptions
{
    /// <summary>People may add passkeys and sign in with them.</summary>
    public bool Enabled { get; init; } = true;

    /// <summary>
    /// The domain for which passkeys are made (the RP ID of WebAuthn). Without it, the host of the public address. It may be a parent domain, such as
    /// <c>example.com</c> for <c>login.example.com</c>. If you change it, all passkeys become useless.
    /// </summary>
    public string? RelyingPartyId { get; init; }

    /// <param name="host">Of the public address; null while that is not known.</param>
    internal IEnumerable<string> Problems(string? host)
    {
        if (RelyingPartyId is not { } id || host is null || id == host)
            yield break;
        if (!id.Contains('.', StringComparison.Ordinal) || Uri.CheckHostName(id) != UriHostNameType.Dns || id.Any(c => !char.IsAsciiLetterLower(c) && !char.IsAsciiDigit(c) && c is not ('.' or '-'))
            || !host.EndsWith("." + id, StringComparison.Ordinal))
            yield return $"Passkeys:RelyingPartyId must be {host}, or a parent domain of it in lower case that nobody else has a part of, such as example.com for login.example.com";
    }
}
