using Azure.Security.KeyVault.Keys;

namespace FunctionsAuth.Server.Tests.Harness;

/// <summary>A call of the SDK. Its text contains all parameters, such as <c>sign signing-rsa/0f3a RS256</c>.</summary>
/// <param name="Kind">versions, get, create, update, policy, sign, wrap or unwrap.</param>
/// <param name="Details">The other parameters, without key and version.</param>
public sealed record VaultCall(string Kind, string Key, string? Version = null, string Details = "")
{
    /// <summary>The data that is signed, wrapped or unwrapped.</summary>
    public byte[] Data { get; init; } = [];

    public static VaultCall Create(CreateRsaKeyOptions options) =>
        new("create", options.Name, null, $"{options.KeyType} {options.KeySize} {options.PublicExponent}{TextOf(options)}");

    public static VaultCall Create(CreateEcKeyOptions options) => new("create", options.Name, null, $"{options.KeyType} {options.CurveName} {TextOf(options)}");

    /// <summary>Only the properties that the call changes.</summary>
    public static VaultCall Update(KeyProperties present, KeyProperties next, IEnumerable<KeyOperation>? operations)
    {
        List<string> changes = [];
        Compare("Enabled", present.Enabled, next.Enabled);
        Compare("NotBefore", present.NotBefore, next.NotBefore);
        Compare("ExpiresOn", present.ExpiresOn, next.ExpiresOn);
        Compare("Exportable", present.Exportable, next.Exportable);
        Compare("Tags", TextOf(present.Tags), TextOf(next.Tags));
        Compare("KeyOperations", null, operations is null ? null : string.Join(',', operations));
        return new VaultCall("update", next.Name, next.Version, string.Join(' ', changes));

        void Compare<T>(string name, T from, T to)
        {
            if (!Equals(from, to))
                changes.Add($"{name}={to}");
        }
    }

    public override string ToString() => string.Join(' ', ((string[])[Kind, Version is null ? Key : $"{Key}/{Version}", Details]).Where(part => part.Length > 0));

    private static string TextOf(CreateKeyOptions options) =>
        string.Join(',', options.KeyOperations) + options.Enabled + options.NotBefore + options.ExpiresOn + options.Exportable + TextOf(options.Tags);

    private static string TextOf(IDictionary<string, string> tags) => string.Join(',', tags.Select(tag => $"{tag.Key}:{tag.Value}"));
}
