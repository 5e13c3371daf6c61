using System.Diagnostics.CodeAnalysis;
using FunctionsAuth.Protocol.Clients;
using FunctionsAuth.Protocol.Configuration;
using FunctionsAuth.Protocol.Credentials;

namespace FunctionsAuth.Protocol.Passkeys;

/// <summary>The identity of this server for passkeys (WebAuthn §4). It comes from the settings, never from a request.</summary>
public sealed class RelyingParty(ServerUrls urls, ServerOptions options)
{
    /// <summary>Null if passkeys are off, or if the address of the server is an IP address, for which passkeys cannot be created.</summary>
    public string? Id { get; } = options.Passkeys.Enabled && urls.PublicRoot.HostNameType == UriHostNameType.Dns ? options.Passkeys.RelyingPartyId ?? urls.PublicRoot.IdnHost : null;

    /// <summary>The only origin whose pages may use the passkeys, compared by exact text.</summary>
    public string Origin { get; } = WebOrigin.Of(urls.PublicRoot)!;

    /// <summary>The name that a user sees when a passkey is created.</summary>
    public string Name { get; } = options.OperatorName ?? urls.PublicRoot.IdnHost;

    [MemberNotNullWhen(true, nameof(Id))]
    public bool HasPasskeys => Id is not null;

    /// <summary>Whether the user has a passkey for this RP ID. Passkeys for another RP ID do not count.</summary>
    public bool HasAnyOf(PersonCredentials person) => HasPasskeys && person.Passkeys.Any(passkey => passkey.RelyingPartyId == Id);
}
