using Azure;
using Azure.Security.KeyVault.Keys;

namespace FunctionsAuth.Azure.KeyVault.Local;

/// <summary>The refusals of Key Vault, with the same statuses and error codes.</summary>
internal static class KeyRefusals
{
    public static RequestFailedException NotFound(string name, string? version) => new(
        404, $"A key with (name/id) {(version is null ? name : $"{name}/{version}")} was not found.", "KeyNotFound", null);

    public static RequestFailedException Disabled(KeyOperation operation) => Forbidden($"Operation {operation} is not allowed on a disabled key.");

    public static RequestFailedException NotNow(KeyOperation operation) => Forbidden($"Operation {operation} is not allowed on a key that is expired or not yet valid.");

    public static RequestFailedException NotMadeFor(KeyOperation operation) => Forbidden($"Operation {operation} is not permitted on this key.");

    public static RequestFailedException BadParameter(string message) => new(400, message, "BadParameter", null);

    private static RequestFailedException Forbidden(string message) => new(403, message, "Forbidden", null);
}
