using System.Text.Json;
using FunctionsAuth.Protocol.Clients;
using FunctionsAuth.Protocol.Rules;

namespace FunctionsAuth.Protocol.Registry;

/// <summary>The approximate memory size of a client, because strangers decide the size of many clients.</summary>
internal static class ClientSize
{
    private const int BytesOfRecord = 1_000;

    /// <summary>A character takes two bytes, and the lists, URLs and keys of a client as much again.</summary>
    private const int BytesOfCharacter = 4;

    /// <summary>The approximate size in bytes, including the key in a cache; also for an unknown id.</summary>
    public static long Of(string clientId, Client? client) =>
        BytesOfRecord + (2L * clientId.Length) + (client is null ? 0 : BytesOfCharacter * JsonSerializer.SerializeToUtf8Bytes(client, RecordJson.Options).LongLength);
}
