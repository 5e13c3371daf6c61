using Azure.Data.Tables;
using Azure.Identity;
using FunctionsAuth.Azure;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;

namespace FunctionsAuth.LocalHost.Commands.Deployed;

/// <summary>
/// What <c>--storage</c> says: a connection string, or the https URL of an account that is opened with this machine's credential.
/// </summary>
internal static class StorageOption
{
    public const string Description = "A connection string, or the https URL of a storage account for your own credential";

    public static Uri? AccountOf(string? storage) =>
        Uri.TryCreate(storage, UriKind.Absolute, out var account) && account.Scheme == Uri.UriSchemeHttps ? account : null;

    public static string? ConnectionStringOf(string? storage) => AccountOf(storage) is null ? storage : null;

    /// <summary>Opens the account, if it is one; else nothing is changed.</summary>
    public static void OpenAccount(this WebApplicationBuilder builder, string? storage)
    {
        if (AccountOf(storage) is { } account)
            builder.Services.AddSingleton(new TableServiceClient(account, new DefaultAzureCredential(), AzureServices.TableOptions()));
    }
}
