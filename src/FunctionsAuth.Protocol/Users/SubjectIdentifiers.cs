using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using FunctionsAuth.Protocol.Clients;
using FunctionsAuth.Protocol.Storage;

namespace FunctionsAuth.Protocol.Users;

/// <summary>
/// The <c>sub</c> of a user for a client: OpenID Connect Core §8. A pairwise subject is an HMAC of sector and subject, so two sectors cannot find out
/// that they have the same user, and only this server can compute it.
/// </summary>
public sealed class SubjectIdentifiers(ISecretStore secrets)
{
    private const string SecretName = "pairwise";

    private byte[]? secret;

    /// <exception cref="Errors.TemporarilyUnavailableException">The secret of the server has not been read yet, and storage did not answer.</exception>
    public async ValueTask<string> OfAsync(Client client, string subject, CancellationToken cancellation)
    {
        if (!client.IsPairwise)
            return subject;
        secret ??= await secrets.GetOrCreateAsync(SecretName, cancellation);
        return Base64Url.EncodeToString(HMACSHA256.HashData(secret, Encoding.UTF8.GetBytes($"{SectorOf(client)}\n{subject}")));
    }

    /// <summary>Core §8.1. If the host does not identify the client, each client is its own sector.</summary>
    private static string SectorOf(Client client)
    {
        if (client.SectorIdentifierUri is { } sector)
            return sector.IdnHost;
        return client.RedirectUris.FirstOrDefault() is { } redirect && RedirectUriRules.AssuresClient(redirect) ? new Uri(redirect).IdnHost : $"client {client.ClientId}";
    }
}
