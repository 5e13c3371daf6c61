using System.Reflection;
using System.Runtime.Loader;
using FunctionsAuth.Protocol.Users;
using FunctionsAuth.Protocol.Users.Hashes;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.Options;

namespace FunctionsAuth.Protocol.Tests.Users;

public sealed class StoredHashTests
{
    private const string OfOwn = "AQAAAAIAAzRQAAAAEAABAgMEBQYHCAkKCwwNDg8QERITFBUWFxgZGhscHR4fICEiIyQlJicoKSorLC0uLw==";
    private const string Bcrypt = "$2a$05$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW";
    private const string Argon2 = "$argon2id$v=19$m=256,t=2,p=2$c29tZXNhbHQ$bQk8UB/VmZZF4Oo79iDXuL5/0ttZwg2f/5U52iv1cDc";

    // From the tests of phc-winner-argon2 and of crypt_blowfish. The vectors of RFC 6070 and RFC 7914 §11 have salts that are too short, so hashlib of
    // Python 3 made the one for PBKDF2.
    [Theory]
    [InlineData(Argon2, "password")]
    [InlineData("$argon2id$v=19$m=65536,t=2,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc", "password")]
    [InlineData(Bcrypt, "U*U")]
    [InlineData("$pbkdf2-sha256$i=1000,l=32$AAECAwQFBgcICQoLDA0ODw$fA0M5s9/LUYyZ6iWj8ULuw/NO3xQPX/FZuUJc+Vm06E", "a password of before")]
    public void Published_hashes_have_their_passwords(string text, string password)
    {
        var hash = Parse(text);
        Assert.True(hash.Matches(password));
        Assert.False(hash.Matches(password + "x"));
        Assert.False(hash.Matches(""));
        Assert.False(hash.Matches("\ud800"));
        Assert.False(hash.IsOwn);
    }

    [Fact]
    public void What_this_server_writes_is_its_own_and_costs_the_usual()
    {
        var hasher = new PasswordHasher<User>(Options.Create(new PasswordHasherOptions { IterationCount = StoredHash.UsualIterations }));
        var hash = Parse(hasher.HashPassword(new User { Subject = "", Username = "" }, "right"));
        Assert.Equal((true, true, false), (hash.IsOwn, hash.Matches("right"), hash.Matches("wrong")));
        Assert.Equal((StoredHash.UsualIterations, 0), ((int)hash.Cost, hash.Padding));
    }

    [Fact]
    public void A_hash_of_nobody_looks_like_a_user_s()
    {
        var hash = Parse(StoredHash.OfNobody());
        Assert.Equal((true, StoredHash.UsualIterations, 0), (hash.IsOwn, (int)hash.Cost, hash.Padding));
    }

    // bcryptjs 3.0.3 made them, of 72 times x and of "before", a NUL and "after".
    [Fact]
    public void Bcrypt_takes_no_password_of_which_it_hashed_only_a_part()
    {
        var longest = Parse("$2b$04$rrAN.56.gn3inVhgxzX9peJQm8DnLJkdIGbjGaeahYrRx6qYbAUkO");
        Assert.True(longest.Matches(new string('x', 72)));
        Assert.False(longest.Matches(new string('x', 73)));
        var withNul = Parse("$2b$04$fs.4mgNcBbewru6.NImzJe9MBF8LluqBYPDlbQ1fLyAy7N4Hp7fp.");
        Assert.False(withNul.Matches("before\0after"));
        Assert.False(withNul.Matches("before"));
    }

    [Theory]
    [InlineData("AQAAAAIAAAABAAAAEFvzM4eVHRwHTWv0LU+pCMaF5Q9lCdFWmOrqYwTwQ8dW3Jq4W0c8j6u5gB1hZxw2kg==")]
    [InlineData("$pbkdf2$i=1000$AAECAwQFBgcICQoLDA0ODw$fA0M5s9/LUYyZ6iWj8ULuw/NO3xQPX/FZuUJc+Vm06E")]
    [InlineData("$pbkdf2-sha256$i=27500$AAECAwQFBgcICQoLDA0ODw$fA0M5s9/LUYyZ6iWj8ULuw/NO3xQPX/FZuUJc+Vm06E")]
    [InlineData(Bcrypt)]
    [InlineData(Argon2)]
    public void A_cheaper_hash_is_padded_to_the_cost_of_the_server_s_own(string text)
    {
        var hash = Parse(text);
        Assert.InRange(hash.Cost, 1, StoredHash.UsualIterations);
        Assert.Equal((int)Math.Ceiling(StoredHash.UsualIterations - hash.Cost), hash.Padding);
    }

    [Theory]
    [InlineData("$pbkdf2-sha512$i=210001$AAECAwQFBgcICQoLDA0ODw$fA0M5s9/LUYyZ6iWj8ULuw/NO3xQPX/FZuUJc+Vm06E")]
    [InlineData("AQAAAAIATEtAAAAAEAABAgMEBQYHCAkKCwwNDg8QERITFBUWFxgZGhscHR4fICEiIyQlJicoKSorLC0uLw==")]
    public void A_costlier_hash_is_not_padded(string text) => Assert.Equal((0, false), (Parse(text).Padding, Parse(text).IsOwn));

    [Fact]
    public void What_a_hash_costs_grows_with_what_it_asks_for()
    {
        Assert.Equal(32, Parse(Bcrypt.Replace("$05$", "$10$", StringComparison.Ordinal)).Cost / Parse(Bcrypt).Cost, 0.001);
        Assert.Equal(12, Parse(Argon2.Replace("m=256,t=2", "m=1024,t=6", StringComparison.Ordinal)).Cost / Parse(Argon2).Cost, 0.001);
    }

    [Fact]
    public void Only_Argon2_takes_memory() =>
        Assert.Equal([false, false, true], new[] { OfOwn, Bcrypt, Argon2 }.Select(text => Parse(text).TakesMemory));

    [Theory]
    [InlineData("")]
    [InlineData("$2b$10$")]
    [InlineData("$argon2id$v=19$m=9999999,t=1,p=1$AAECAwQFBgcICQoLDA0ODw$AAECAwQFBgcICQoLDA0ODw")]
    [InlineData("not base64")]
    public void No_password_has_what_can_not_be_read(string text)
    {
        Assert.False(StoredHash.TryParse(text, out _));
        Assert.Equal(StoredHash.UsualIterations, StoredHash.Of(text).Cost);
        Assert.False(StoredHash.Of(text).Matches(""));
    }

    [Theory]
    [InlineData(OfOwn, null)]
    [InlineData("$pbkdf2-sha256$i=1000$AAECAwQFBgcICQoLDA0ODw$fA0M5s9/LUYyZ6iWj8ULuw/NO3xQPX/FZuUJc+Vm06E", null)]
    [InlineData(Bcrypt, "BCrypt-Net-Next")]
    [InlineData(Argon2, "Konscious.Security.Cryptography.Argon2")]
    public void A_library_is_loaded_only_for_a_hash_that_needs_it(string text, string? library)
    {
        var fresh = new FreshLoad();
        try
        {
            var type = fresh.LoadFromAssemblyPath(typeof(StoredHash).Assembly.Location).GetType(typeof(StoredHash).FullName!)!;
            var hash = type.GetMethod(nameof(StoredHash.Of))!.Invoke(null, [text]);
            type.GetMethod(nameof(StoredHash.Matches))!.Invoke(hash, ["password"]);
            type.GetProperty(nameof(StoredHash.Padding))!.GetValue(hash);
            var loaded = fresh.Asked.Where(name => name.Contains("BCrypt", StringComparison.Ordinal) || name.EndsWith("Argon2", StringComparison.Ordinal)).Distinct();
            Assert.Equal(library is null ? [] : [library], loaded);
        }
        finally
        {
            fresh.Unload();
        }
    }

    private static StoredHash Parse(string text)
    {
        Assert.True(StoredHash.TryParse(text, out var hash));
        return hash;
    }

    /// <summary>Where the server's assembly is loaded once more, and what it asks for is seen.</summary>
    private sealed class FreshLoad() : AssemblyLoadContext(nameof(FreshLoad), isCollectible: true)
    {
        public List<string> Asked { get; } = [];

        protected override Assembly? Load(AssemblyName assemblyName)
        {
            Asked.Add(assemblyName.Name!);
            return null;
        }
    }
}
