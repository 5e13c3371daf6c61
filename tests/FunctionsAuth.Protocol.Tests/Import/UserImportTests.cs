using FunctionsAuth.Protocol.Configuration;
using System.Text.Json.Nodes;
using FunctionsAuth.Protocol.Import;
using FunctionsAuth.Protocol.Users;
using Microsoft.AspNetCore.Identity;

namespace FunctionsAuth.Protocol.Tests.Import;

public sealed class UserImportTests
{
    private const string Password = "long enough password";

    private readonly DictionaryGroups groups = new();
    private readonly DictionaryUsers users = new();
    private readonly PasswordHasher<User> hasher = new();

    [Fact]
    public async Task A_new_user_gets_a_random_subject_or_the_given_one()
    {
        await ImportAsync("""{ "users": [{ "username": "alice" }, { "username": "bob", "subject": "4711" }] }""");
        Assert.Matches("^[0-9a-f]{32}$", Alice.Subject);
        Assert.Equal("bob", users.Stored["4711"].Username);
        Assert.Null(Alice.PasswordHash);
    }

    [Fact]
    public async Task What_the_file_leaves_out_stays_as_it_is()
    {
        await ImportAsync(Files.User($$"""
            "password": "{{Password}}", "disabled": true, "claims": { "name": "Alice" }
            """));
        var before = Alice;
        Assert.Equal(new ImportCount(0, 0, 1), (await ImportAsync("""{ "users": [{ "username": "alice" }] }""")).Users);
        Assert.Equal(before, Alice);
    }

    [Fact]
    public async Task A_user_is_found_whatever_the_case_of_the_name()
    {
        await ImportAsync("""{ "users": [{ "username": "alice" }] }""");
        Assert.Equal(new ImportCount(0, 1, 0), (await ImportAsync("""{ "users": [{ "username": "Alice" }] }""")).Users);
        Assert.Equal("Alice", Alice.Username);
    }

    [Fact]
    public async Task Claims_and_disabled_are_replaced()
    {
        await ImportAsync(Files.User("\"claims\": { \"name\": \"Alice\", \"team\": 1 }"));
        await ImportAsync(Files.User("\"disabled\": true, \"claims\": { \"name\": \"Alice B\" }"));
        Assert.True(Alice.Disabled);
        Assert.Equal("""{"name":"Alice B"}""", Alice.Claims.ToJsonString());
    }

    [Fact]
    public async Task A_password_that_opens_the_account_with_a_hash_of_another_system_is_not_hashed_again()
    {
        // bcryptjs 3.0.3 made it of this password.
        const string hash = "$2b$04$vJOlRYECHvCWgghE6KO6quM7UIoN57SNr2Gdjo8iDYSN.RNhmFjjK";
        await ImportAsync(Files.User($"\"password_hash\": \"{hash}\""));
        await ImportAsync(Files.User($"\"password\": \"{Password}\""));
        Assert.Equal(hash, Alice.PasswordHash);
        await ImportAsync(Files.User("\"password\": \"another long password\""));
        Assert.NotEqual(hash, Alice.PasswordHash);
    }

    [Fact]
    public async Task A_password_that_opens_the_account_already_is_not_hashed_again()
    {
        await ImportAsync(Files.User($"\"password\": \"{Password}\""));
        Put(Alice with { FailedLogins = 3 });
        var before = Alice;
        await ImportAsync(Files.User($"\"password\": \"{Password}\""));
        Assert.Equal(before, Alice);
    }

    [Theory]
    [InlineData("\"password\": \"another long password\"")]
    [InlineData("\"password_hash\": \"AQAAAAIAAYagAAAAEFvzM4eVHRwHTWv0LU+pCMaF5Q9lCdFWmOrqYwTwQ8dW3Jq4W0c8j6u5gB1hZxw2kg==\"")]
    public async Task Another_password_replaces_the_old_one_and_ends_a_lockout(string member)
    {
        await ImportAsync(Files.User($"\"password\": \"{Password}\""));
        Put(Alice with { FailedLogins = 3, LockedUntil = DateTimeOffset.MaxValue });
        await ImportAsync(Files.User(member));
        Assert.Equal(PasswordVerificationResult.Failed, hasher.VerifyHashedPassword(Alice, Alice.PasswordHash!, Password));
        Assert.Equal((0, null), (Alice.FailedLogins, Alice.LockedUntil));
        Assert.Equal(new ImportCount(0, 0, 1), (await ImportAsync(Files.User(member))).Users);
    }

    [Fact]
    public async Task A_login_at_the_same_time_is_not_overwritten()
    {
        await ImportAsync(Files.User("\"disabled\": false"));
        users.BeforeSave = () => Put(Alice with { FailedLogins = 2 });
        await ImportAsync(Files.User("\"disabled\": true"));
        Assert.Equal((2, true), (Alice.FailedLogins, Alice.Disabled));
    }

    [Fact]
    public async Task A_user_who_is_deleted_meanwhile_is_created_again()
    {
        await ImportAsync(Files.User("\"disabled\": false"));
        users.BeforeSave = () =>
        {
            users.Stored.Clear();
            users.Logins.Clear();
        };
        Assert.Equal(new ImportCount(1, 0, 0), (await ImportAsync(Files.User("\"disabled\": true"))).Users);
        Assert.True(Alice.Disabled);
    }

    [Theory]
    [InlineData("")]
    [InlineData(", \"subject\": \"4711\"")]
    public async Task Two_imports_that_create_a_user_at_once_both_end_well(string subject)
    {
        var json = Files.Claims("\"email\": \"alice@a.test\", \"email_verified\": true").Replace("\"username\": \"alice\"", "\"username\": \"alice\"" + subject, StringComparison.Ordinal);
        users.BeforeCreate = async () => Assert.Equal(new ImportCount(1, 0, 0), (await ImportAsync(json)).Users);
        Assert.Equal(new ImportCount(0, 0, 1), (await ImportAsync(json)).Users);
        Assert.Equal("alice", Assert.Single(users.Stored.Values).Username);
    }

    [Fact]
    public async Task A_user_whom_another_import_creates_during_the_checks_is_no_conflict()
    {
        var json = Files.Claims("\"email\": \"alice@a.test\", \"email_verified\": true");
        users.AfterFindSubject = () => ImportAsync(json).GetAwaiter().GetResult();
        Assert.Equal(new ImportCount(0, 0, 1), (await ImportAsync(json)).Users);
    }

    [Fact]
    public async Task Comments_inside_claims_are_not_stored()
    {
        await ImportAsync(Files.Claims("\"a\": [1, /* one */ 2], // two\n \"b\": {},"));
        Assert.Equal("""{"a":[1,2],"b":{}}""", Alice.Claims.ToJsonString());
    }

    [Fact]
    public async Task An_import_that_was_interrupted_is_finished_by_the_next_one()
    {
        Put(new User { Subject = "4711", Username = "alice" });
        await ImportAsync(Files.User("\"subject\": \"4711\""));
        Assert.Equal("4711", users.Logins["alice"]);
    }

    [Theory]
    [InlineData('x', 31_000)]
    [InlineData('é', 31_000)]
    public void What_does_not_fit_into_a_row_is_refused_before_anything_is_written(char letter, int count)
    {
        var refusal = Assert.Throws<ImportException>(() => Files.Parse(Files.Claims($"\"name\": \"{new string(letter, count)}\"")));
        Assert.StartsWith("is too large", Assert.Single(refusal.Problems).Problem);
    }

    [Fact]
    public async Task An_email_address_that_is_replaced_or_taken_away_signs_in_no_more()
    {
        await ImportAsync(Files.Claims("\"email\": \"old@a.test\", \"email_verified\": true"));
        await ImportAsync(Files.Claims("\"email\": \"new@a.test\", \"email_verified\": true"));
        Assert.Equal(["alice", "new@a.test"], users.Logins.Keys.Order());
        await ImportAsync(Files.Claims("\"name\": \"Alice\""));
        Assert.Equal(["alice"], users.Logins.Keys);
    }

    [Fact]
    public async Task A_verified_email_address_becomes_a_login_name()
    {
        await ImportAsync(Files.Claims("\"email\": \"alice@a.test\""));
        Assert.DoesNotContain("alice@a.test", users.Logins.Keys);
        await ImportAsync(Files.Claims("\"email\": \"Alice@a.test\", \"email_verified\": true"));
        Assert.Equal(Alice.Subject, users.Logins["alice@a.test"]);
    }

    [Theory]
    [InlineData("\"alice\"")]
    [InlineData("\"somebody new\"")]
    public async Task An_email_address_that_another_user_has_is_refused_before_anything_is_written(string username)
    {
        await ImportAsync("""{ "users": [{ "username": "alice" }, { "username": "bob", "claims": { "email": "b@b.test", "email_verified": true } }] }""");
        var writes = users.Writes;
        var problem = await RefusedAsync($$"""
            { "users": [{ "username": "carol" }, { "username": {{username}},
              "claims": { "email": "b@b.test", "email_verified": true } }] }
            """);
        Assert.Equal($"Line 2: users[1].claims.email of {username.Trim('"')} is already the login name of another user.", problem.ToString());
        Assert.Equal(writes, users.Writes);
    }

    [Fact]
    public async Task An_email_address_that_another_user_takes_meanwhile_is_refused()
    {
        await ImportAsync(Files.User("\"disabled\": false"));
        users.BeforeCreate = () =>
        {
            users.Logins["alice@a.test"] = "somebody";
            return Task.CompletedTask;
        };
        var problem = await RefusedAsync("""
            { "users": [{ "username": "first" }, { "username": "alice", "disabled": true, "claims": { "email": "alice@a.test", "email_verified": true } }] }
            """);
        Assert.Equal("users[1].claims.email", problem.Path);
        Assert.False(Alice.Disabled);
    }

    [Fact]
    public async Task The_email_address_of_a_user_is_nobody_elses_username()
    {
        await ImportAsync(Files.Claims("\"email\": \"alice@a.test\", \"email_verified\": true"));
        var problem = await RefusedAsync($$"""{ "users": [{ "username": "alice@a.test", "password": "{{Password}}" }] }""");
        Assert.Equal(("users[0].username", "is the email address of another user, alice"), (problem.Path, problem.Problem));
        Assert.Null(Alice.PasswordHash);
    }

    [Fact]
    public async Task A_subject_never_changes()
    {
        await ImportAsync(Files.User("\"subject\": \"1\""));
        var problem = await RefusedAsync(Files.User("\"subject\": \"2\""));
        Assert.Equal("users[0].subject", problem.Path);
    }

    [Fact]
    public async Task A_subject_is_never_given_to_somebody_else()
    {
        await ImportAsync(Files.User("\"subject\": \"1\""));
        var problem = await RefusedAsync("""{ "users": [{ "username": "bob", "subject": "1" }] }""");
        Assert.Equal(("users[0].subject", "is the subject of another user, alice"), (problem.Path, problem.Problem));
    }

    [Fact]
    public void A_user_in_a_log_line_has_no_password() =>
        Assert.Equal("alice", new ImportedUser { Username = "alice", Password = Password, Claims = new JsonObject() }.ToString());

    private User Alice => users.Stored[users.Logins["alice"]];

    private void Put(User user) => Assert.True(users.TrySaveAsync(user, CancellationToken.None).Result.Won);

    [Fact]
    public async Task Membership_changes_without_the_claims_and_the_claims_without_the_membership()
    {
        await ImportAsync("""{ "groups": [{ "name": "a" }, { "name": "b" }], "users": [{ "username": "alice", "groups": ["b", "a", "b"], "claims": { "name": "Alice" } }] }""");
        Assert.Equal(["a", "b"], Alice().Groups);
        await ImportAsync("""{ "users": [{ "username": "alice", "groups": ["b"] }] }""");
        Assert.Equal(("Alice", "b"), ((string?)Alice().Claims["name"], Assert.Single(Alice().Groups)));
        await ImportAsync("""{ "users": [{ "username": "alice", "claims": { "name": "Alice B" } }] }""");
        Assert.Equal(("Alice B", "b"), ((string?)Alice().Claims["name"], Assert.Single(Alice().Groups)));
        Assert.Equal(new ImportCount(0, 1, 0), (await ImportAsync("""{ "users": [{ "username": "alice", "groups": [] }] }""")).Users);
        Assert.Equal(("Alice B", 0), ((string?)Alice().Claims["name"], Alice().Groups.Count));

        User Alice() => Assert.Single(users.Stored.Values);
    }

    private Task<ImportSummary> ImportAsync(string json) =>
        new Importer(new DictionaryClients(), new DictionaryScopes(), groups, users, hasher, Files.Events, new ServerOptions(), TimeProvider.System).ApplyAsync(Files.Parse(json), CancellationToken.None);

    private async Task<ImportProblem> RefusedAsync(string json) =>
        Assert.Single((await Assert.ThrowsAsync<ImportException>(() => ImportAsync(json))).Problems);
}
