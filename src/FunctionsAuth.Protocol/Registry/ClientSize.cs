using System.Text.Json;
using FunctionsAuth.Protocol.Clients;
using FunctionsAuth.Protocol.Rules;

namespace FunctionsAuth.Protocol.Registry;

/// <summary>How much memory a client takes, as strangers decide what stands in many of them.</summary>
internal static class ClientSize
{
    private const int BytesOfRecord = 1_000;

    /// <summary>A character takes two bytes, and the lists, URLs and keys of a client as much again.</summary>
    private const int BytesOfCharacter = 4;

    /// <summary>About its bytes, with those of its key in a cache; also for an id that no client has.</summary>
    public static long Of(string clientId, Client? client) =>
        BytesOfRecord + (2L * clientId.Length) + (client is null ? 0 : BytesOfCharacter * JsonSerializer.SerializeToUtf8Bytes(client, RecordJson.Options).LongLength);
}
