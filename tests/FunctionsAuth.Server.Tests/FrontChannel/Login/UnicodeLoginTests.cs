using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Azure.Data.Tables;
using FunctionsAuth.LocalHost.Hosting;
using FunctionsAuth.Protocol.Users;
using FunctionsAuth.Server.Tests.Harness;
using Microsoft.AspNetCore.Identity;

namespace FunctionsAuth.Server.Tests.FrontChannel;

/// <summary>A name and a password are the same whatever keyboard they are typed on: composed or decomposed, full-width or not.</summary>
public sealed class UnicodeLoginTests : IAsyncLifetime
{
    private const string Composed = "Zo\u00eb";
    private const string Decomposed = "Zoe\u0308";
    private const string FullWidth = "\uff3ao\u00eb";

    private readonly TestStorage storage = new(BackEnd.Memory);
    private RunningServer server = null!;

    public async Task InitializeAsync() => server = await RunningServer.StartAsync(storage.Setup());

    public async Task DisposeAsync() => await server.DisposeAsync();

    [Fact]
    public async Task A_person_signs_in_with_any_spelling_of_name_and_password()
    {
        await ImportAsync(Composed, "caf\u00e9-caf\u00e9-caf\u00e9");
        foreach (var name in (string[])[Composed, Decomposed, FullWidth, "ZOE\u0308"])
        {
            Assert.True(await SignsInAsync(name, "caf\u00e9-caf\u00e9-caf\u00e9"), name);
            Assert.True(await SignsInAsync(name, "cafe\u0301-cafe\u0301-cafe\u0301"), name);
        }
        Assert.False(await SignsInAsync("Zoe", "caf\u00e9-caf\u00e9-caf\u00e9"));
        Assert.False(await SignsInAsync(Composed, "cafe-cafe-cafe"));
    }

    [Fact]
    public async Task A_hash_of_the_password_as_it_was_typed_still_opens_and_becomes_one_of_its_normal_form()
    {
        const string typed = "cafe\u0301-cafe\u0301-cafe\u0301";
        var user = new User { Subject = "zoe-subject", Username = "zoe" };
        var hash = server.Get<PasswordHasher<User>>().HashPassword(user, typed);
        Assert.True(await server.Get<IUserStore>().TryCreateAsync(user with { PasswordHash = hash }, byOperator: true, default));
        Assert.False(await SignsInAsync("zoe", typed.Normalized()));
        Assert.True(await SignsInAsync("zoe", typed));
        Assert.True(await SignsInAsync("zoe", typed.Normalized()));
        Assert.True(await SignsInAsync("zoe", typed));
    }

    [Fact]
    public async Task A_name_that_an_earlier_release_wrote_is_found_and_nobody_else_gets_it()
    {
        await ImportAsync(FullWidth, "a-good-long-password");
        // An earlier release put the row of the name under its lower-case form, and knew no normal form.
        var before = Key(FullWidth.ToLowerInvariant());
        var row = await storage["UserLogins"].GetEntityAsync<TableEntity>(Key(LoginName.Normalize(FullWidth)), "login");
        await storage["UserLogins"].AddEntityAsync(new TableEntity(before, "login") { ["Subject"] = row.Value.GetString("Subject") });
        await storage["UserLogins"].DeleteEntityAsync(row.Value.PartitionKey, "login");

        Assert.True(await SignsInAsync(FullWidth, "a-good-long-password"));
        Assert.False(await server.Get<IUserStore>().TryCreateAsync(new User { Subject = "other-subject", Username = FullWidth }, byOperator: true, default));
    }

    private Task ImportAsync(string username, string password) => LocalServer.ImportAsync(server.Services, new JsonObject
    {
        ["users"] = new JsonArray(new JsonObject { ["username"] = username, ["password"] = password }),
    }.ToJsonString());

    private async Task<bool> SignsInAsync(string username, string password)
    {
        var browser = new Browser(server);
        var page = await browser.FollowAsync(await browser.GetAsync(new AuthorizationParameters().Url));
        return (await browser.LoginAsync(page, username, password)).Location is not null;
    }

    private static string Key(string name) => System.Buffers.Text.Base64Url.EncodeToString(SHA256.HashData(Encoding.UTF8.GetBytes(name)));
}

internal static class NormalSpelling
{
    public static string Normalized(this string password) => PasswordRules.Normalize(password);
}
