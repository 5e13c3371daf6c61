namespace FunctionsAuth.Protocol.Clients;

/// <summary>Secrets whose text the server needs, where a client is written anew by its hashes alone.</summary>
internal static class KeptSecrets
{
    /// <summary>The client with the texts of those secrets that are stored already.</summary>
    public static Client WithTextsOf(this Client client, Client? stored) => stored is null || stored.ClientSecrets.All(secret => secret.Text is null)
        ? client
        : client with { ClientSecrets = [.. client.ClientSecrets.Select(secret => secret.Text is not null ? secret : secret with { Text = TextOf(stored, secret.Sha256) })] };

    private static string? TextOf(Client stored, string hash) => stored.ClientSecrets.FirstOrDefault(secret => secret.Sha256 == hash)?.Text;
}
