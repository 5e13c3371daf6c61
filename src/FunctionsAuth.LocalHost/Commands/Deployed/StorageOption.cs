using System.Text.RegularExpressions;
using Azure.Data.Tables;
using Azure.Identity;
using Azure.Storage.Queues;
using FunctionsAuth.Azure;
using FunctionsAuth.Azure.Queues;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;

namespace FunctionsAuth.LocalHost.Commands.Deployed;

/// <summary>
/// The value of <c>--storage</c>: a connection string, or an account that is opened with this machine's credential. The account is named by its https
/// URL or, in Azure's public cloud, by its name.
/// </summary>
internal static partial class StorageOption
{
    public const string Description = "A connection string, or the https URL or the name of a storage account, which is opened with your own credential (az login)";

    /// <exception cref="UsageException">It is none of these forms.</exception>
    public static string? ConnectionStringOf(string? storage)
    {
        if (storage is null || AccountOf(storage) is not null)
            return null;
        try
        {
            _ = new TableServiceClient(storage);
            return storage;
        }
        catch (Exception e) when (e is FormatException or InvalidOperationException or ArgumentException)
        {
            // The value is not repeated, because it may contain a key.
            throw new UsageException("--storage must be a connection string, such as UseDevelopmentStorage=true, or the https URL or the name of a storage account.");
        }
    }

    /// <summary>Opens the account, if the value names one. Otherwise nothing is changed.</summary>
    public static void OpenAccount(this WebApplicationBuilder builder, string? storage)
    {
        if (AccountOf(storage) is not { } account)
            return;
        builder.Services.AddSingleton(new TableServiceClient(account, new DefaultAzureCredential(), AzureServices.TableOptions()));
        builder.Services.AddSingleton(_ => new QueueServiceClient(OutboxPlace.QueuesBeside(account), new DefaultAzureCredential(), AzureServices.QueueOptions()));
    }

    /// <summary>Azurite's account, whose key is public.</summary>
    public static bool IsEmulator(string storage) =>
        storage.Contains("UseDevelopmentStorage=true", StringComparison.OrdinalIgnoreCase)
        || storage.Contains("AccountName=devstoreaccount1;", StringComparison.OrdinalIgnoreCase);

    private static Uri? AccountOf(string? storage) =>
        storage is null ? null
        : AccountName().IsMatch(storage) ? new Uri($"https://{storage}.table.core.windows.net")
        : Uri.TryCreate(storage, UriKind.Absolute, out var account) && account.Scheme == Uri.UriSchemeHttps ? account
        : null;

    [GeneratedRegex(@"^[a-z0-9]{3,24}\z")]
    private static partial Regex AccountName();
}
