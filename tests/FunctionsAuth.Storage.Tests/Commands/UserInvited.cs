using System.Text;
using Azure.Data.Tables;
using FunctionsAuth.Protocol.Outbox;
using FunctionsAuth.Protocol.Recovery;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;

namespace FunctionsAuth.Storage.Tests.Commands;

/// <summary>Somebody whom an operator invites. What the link does, the tests of the server say.</summary>
[NeedsStorage]
public sealed class UserInvited
{
    private readonly string prefix = $"u{Guid.NewGuid():N}"[..12];

    [StorageFact]
    public async Task By_a_link_that_is_shown_and_by_another_one_as_long_as_nobody_has_used_it()
    {
        var links = new List<string>();
        for (var i = 0; i < 2; i++)
        {
            var line = Assert.Single((await InviteAsync("dora", "dora@example.com", "--group", "staff")).ShouldSucceed().Lines);
            Assert.Matches("^User dora is invited. .* works once, for 7 days: https://login.example/link/invitation#[A-Za-z0-9_-]{60,}$", line);
            links.Add(line[(line.IndexOf('#', StringComparison.Ordinal) + 1)..]);
        }
        await using var app = Open();
        var (ticket, user) = (await app.Services.GetRequiredService<Invitations>().FindAsync(links[0], default))!.Value;
        Assert.Equal(("dora", "dora@example.com", "staff"), (user.Username, ticket.Email, Assert.Single(user.Groups)));
        await app.Services.GetRequiredService<Invitations>().AcceptAsync(ticket, user, "four words without relation", "test", default);
        (await InviteAsync("dora", "dora@example.com")).ShouldBeTold("User dora exists already, with a password or another address.");
        (await InviteAsync("eve", "dora@example.com")).ShouldBeTold("The address dora@example.com belongs to another account.");
    }

    [StorageFact]
    public async Task By_a_mail_of_the_server()
    {
        var line = Assert.Single((await InviteAsync("dora", "dora@example.com", "--mail", "--operator", "The shop")).ShouldSucceed().Lines);
        Assert.DoesNotContain("#", line, StringComparison.Ordinal);
        var rows = new TableServiceClient(NeedsStorageAttribute.ConnectionString).GetTableClient($"{prefix}Outbox").QueryAsync<TableEntity>();
        var mail = "";
        await foreach (var row in rows)
            mail += Encoding.UTF8.GetString(row.GetBinary(nameof(OutboxItem.Payload)));
        Assert.Contains("You are invited to The shop", mail, StringComparison.Ordinal);
        Assert.Contains("https://login.example/link/invitation#", mail, StringComparison.Ordinal);
    }

    [StorageFact]
    public async Task Not_by_what_is_no_address_and_not_without_the_address_of_the_server()
    {
        (await InviteAsync("dora", "dora")).ShouldBeTold("Write one email address, such as name@example.com.");
        Assert.NotEqual(0, (await LocalHostCommand.RunAsync(["users", "invite", "--storage", NeedsStorageAttribute.ConnectionString!, "--table-prefix", prefix, "--url", "http://login.example", "--", "dora", "dora@example.com"])).Status);
    }

    private Task<LocalHostCommand> InviteAsync(string name, string email, params string[] more) => LocalHostCommand.RunAsync(
        ["users", "invite", "--storage", NeedsStorageAttribute.ConnectionString ?? "", "--table-prefix", prefix, "--url", "https://login.example", .. more, "--", name, email]);

    private WebApplication Open() => ServerOnTables.Open(NeedsStorageAttribute.ConnectionString!, prefix);
}
